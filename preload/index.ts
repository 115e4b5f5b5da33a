import { contextBridge, ipcRenderer, webUtils } from 'electron'
import type { HearthBridge } from './contract.ts'
import { windowArgument } from './contract-limits.ts'

/** The web's message port; the type of that name which the compiler finds is Node's. */
interface WebPort {
  onmessage: ((event: { data: never }) => void) | null
  postMessage(message: string): void
  close(): void
}

/**
 * The table of contract.ts, put into the window. A stream is a message port of its own, so that it ends with the page
 * that opened it, however that page ends; each event is acknowledged once the window has dealt with it, so that main
 * knows when to hold back.
 */
const bridge: HearthBridge = {
  window: Number(process.argv.find(word => word.startsWith(windowArgument))?.slice(windowArgument.length) ?? 1),

  async call(name, input) {
    const answer = await ipcRenderer.invoke('hearth:call', name, input)
    if (answer.problem !== undefined) throw new Error(JSON.stringify(answer.problem))
    return answer.value
  },

  async offer(file) {
    const answer = await ipcRenderer.invoke('hearth:offer', webUtils.getPathForFile(file))
    if (answer.problem !== undefined) throw new Error(JSON.stringify(answer.problem))
    return answer.value
  },

  subscribe(name, input, listener) {
    const { port1, port2 } = new MessageChannel()
    const port = port1 as unknown as WebPort
    port.onmessage = ({ data }) => {
      try {
        listener(data)
      } finally {
        port.postMessage('acknowledged')
      }
    }
    ipcRenderer.postMessage('hearth:subscribe', { name, input }, [port2])
    return () => {
      port.onmessage = null
      port.close()
    }
  },
}

contextBridge.exposeInMainWorld('hearth', bridge)
