import { randomUUID } from 'node:crypto'
import { readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ElectronApplication } from '@playwright/test'

interface TraceEvent {
  readonly name: string
  readonly ph: string
  readonly pid: number
  readonly tid: number
  readonly args: { readonly name?: string }
  /** Microseconds: of the clock, and of the processor. */
  readonly dur?: number
  readonly tdur?: number
}

/** What the tasks of the page's main thread took. Milliseconds. */
export interface Tasks {
  /** Of the processor, the longest first: what other programs do meanwhile does not count. */
  readonly processor: readonly number[]
  /** By the clock, the longest first. */
  readonly clock: readonly number[]
}

const task = 'ThreadControllerImpl::RunTask'

/** Records every task of the page's main thread while something goes on. */
export async function traced(app: ElectronApplication, work: () => Promise<void>): Promise<Tasks> {
  await app.evaluate(({ contentTracing }) =>
    contentTracing.startRecording({ included_categories: ['toplevel'], excluded_categories: ['*'] }),
  )
  await work()
  const path = join(tmpdir(), `hearth-trace-${randomUUID()}.json`)
  const pid = await app.evaluate(async ({ contentTracing, BrowserWindow }, path) => {
    await contentTracing.stopRecording(path)
    return BrowserWindow.getAllWindows()[0]?.webContents.getOSProcessId()
  }, path)
  const { traceEvents } = JSON.parse(await readFile(path, 'utf8')) as { traceEvents: TraceEvent[] }
  await rm(path)
  const ours = traceEvents.filter(event => event.pid === pid)
  const main = ours.find(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain')?.tid
  const tasks = ours.filter(({ tid, ph, name }) => tid === main && ph === 'X' && name === task)
  if (tasks.length === 0) throw new Error('the trace holds no task of the page')
  const longestFirst = (microseconds: number[]) => microseconds.map(each => each / 1000).sort((a, b) => b - a)
  return {
    processor: longestFirst(tasks.map(({ tdur }) => tdur ?? 0)),
    clock: longestFirst(tasks.map(({ dur }) => dur ?? 0)),
  }
}
