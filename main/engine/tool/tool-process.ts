/** Entry of a tool process: one job on model files, apart from everything else, talking only to main. */
import { constants, setPriority } from 'node:os'
import { asProblem } from '../../problem.ts'
import { parentPort } from '../parent-port.ts'
import { forecast } from './forecast.ts'
import { Pace } from './pace.ts'
import { quantize } from './quantize/quantize.ts'
import { convertSafetensors } from './safetensors/convert.ts'
import type { FromTool, ToolResults, ToTool } from './tool-protocol.ts'
import { translateFile } from './translate/translate.ts'
import { writtenFile } from './written-file.ts'

const port = parentPort<ToTool, FromTool>()

// Not exit(): that would wait for native work under way, and a leaving process has nothing worth saving.
const leave = () => process.kill(process.pid, 'SIGKILL')
port.onClosed(leave)
process.on('uncaughtException', error => {
  process.stderr.write(`${error.stack}\n`, leave)
})
// Ctrl-C in a terminal reaches every process of the group; main alone decides when a job ends.
process.on('SIGINT', () => {})

// Somebody may be waiting for an answer of a model meanwhile.
setPriority(constants.priority.PRIORITY_BELOW_NORMAL)

port.onMessage(message => {
  run(message).then(
    value => port.post({ type: 'done', value }),
    (error: unknown) => {
      const { code, status, message: text, details } = asProblem(error)
      port.post({ type: 'failed', problem: { code, status, message: text, details } })
    },
  )
})

async function run(message: ToTool): Promise<ToolResults[ToTool['type']]> {
  if (message.type === 'forecast') return forecast(message.job)
  const pace = new Pace((done, total) => port.post({ type: 'progress', done, total }))
  const onProgress = (done: number, total: number) => pace.tell(done, total)
  if (message.type === 'translate') {
    await translateFile(message.job, onProgress)
    return undefined
  }
  const { output } = message.job
  if (message.type === 'quantize') {
    await quantize(message.job, onProgress)
    return writtenFile(output, () => pace.again())
  }
  const converted = await convertSafetensors(message.job, { onProgress })
  return { ...converted, ...(await writtenFile(output, () => pace.again())) }
}
