import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { Library } from '../../../main/library/library.ts'
import { Registry } from '../../../main/library/registry/registry.ts'

/**
 * Says that it is ready, pulls one model when it is told to, and tells what it took. Arguments: the models folder, the
 * model.
 */
const [modelsFolder, model] = process.argv.slice(2) as [string, string]
const thread = (name: string) => join(import.meta.dirname, '../../../out/main', `${name}-worker.js`)
const registry = new Registry({
  library: new Library({ modelsFolder }),
  userHome: modelsFolder,
  version: '0.0.0',
  hashWorker: thread('hash'),
  receiveWorker: thread('receive'),
})
process.send!('ready')
await once(process, 'message')
const delay = monitorEventLoopDelay({ resolution: 5 })
delay.enable()
const started = performance.now()
await registry.pull(model, () => undefined, { insecure: true })
const milliseconds = performance.now() - started
delay.disable()
await registry.close()
// Not resourceUsage(): Linux lets a child begin with its parent's peak.
const peakMemory = Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) * 1024
process.send!({ milliseconds, peakMemory, heldUp: delay.max / 1e6 })
