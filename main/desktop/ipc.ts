import { BrowserWindow, type IpcMainEvent, type IpcMainInvokeEvent, ipcMain, type WebContents } from 'electron'
import type { Bridge } from '../bridge/bridge.ts'
import { problemInfo } from '../bridge/problem-info.ts'
import type { OpenStream } from '../bridge/stream.ts'
import { asProblem, Problem } from '../problem.ts'
import { appOrigin } from './app-protocol.ts'
import type { Log } from './log.ts'

/** More streams than this at once come from a page gone wrong. */
const maxStreams = 200

/**
 * Carries the bridge over Electron's IPC. A call is a request and an answer; a stream is a message port of its own,
 * which closes with the page at its other end, so that no stream outlives a reload, a crash or a closed window.
 * @param bridge resolves when the services are up; calls made before wait for it
 */
export function serveWindows(bridge: Promise<Bridge>, log: Log): void {
  const open = new WeakMap<WebContents, number>()

  const answer = async (event: IpcMainInvokeEvent, name: string, work: (bridge: Bridge) => Promise<unknown>) => {
    try {
      if (!isOwnPage(event)) throw new Problem('invalid-request', 403, 'not allowed')
      return { value: await work(await bridge) }
    } catch (error) {
      const problem = asProblem(error)
      if (problem.code === 'internal') log.write(`call ${name} failed`, error)
      return { problem: problemInfo(problem) }
    }
  }
  ipcMain.handle('hearth:call', (event, name: unknown, input: unknown) =>
    answer(event, String(name), served => served.call(name, input)),
  )
  // Paths come from preload alone, which has them of files the person dropped.
  ipcMain.handle('hearth:offer', (event, path: unknown) => answer(event, 'offer', served => served.offer(path)))

  ipcMain.on('hearth:subscribe', (event, message: unknown) => {
    const [port] = event.ports
    if (port === undefined) return
    const count = open.get(event.sender) ?? 0
    if (!isOwnPage(event) || count >= maxStreams) {
      log.write(`a stream was refused to ${event.senderFrame?.url.slice(0, 200)}, which has ${count}`)
      port.close()
      return
    }
    open.set(event.sender, count + 1)

    let stream: OpenStream | undefined
    let closed = false
    port.on('message', () => stream?.acknowledge())
    port.on('close', () => {
      closed = true
      open.set(event.sender, (open.get(event.sender) ?? 1) - 1)
      stream?.end()
    })
    port.start()

    const { name, input } = (message ?? {}) as { name?: unknown; input?: unknown }
    bridge
      .then(served => {
        if (closed) return
        stream = served.subscribe(name, input, {
          emit: happening => port.postMessage(happening),
          end: () => port.close(),
        })
      })
      .catch(error => {
        log.write(`stream ${String(name)} could not be opened`, error)
        port.close()
      })
  })
}

/** Only the top frame of a window of ours, showing our page. */
function isOwnPage(event: IpcMainEvent | IpcMainInvokeEvent): boolean {
  const frame = event.senderFrame
  // Not by comparing it with `sender.mainFrame`, which is another object for a while after the page has crashed.
  if (frame === null || frame.parent !== null) return false
  return frame.url.startsWith(`${appOrigin}/`) && BrowserWindow.fromWebContents(event.sender) !== null
}
