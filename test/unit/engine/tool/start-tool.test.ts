import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { EngineProcess } from '../../../../main/engine/engine.ts'
import { createToolEngine } from '../../../../main/engine/tool/start-tool.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A process that hangs, as one does in a graphics driver, until it is killed. */
function hanging(): EngineProcess {
  let ended: Parameters<EngineProcess['onExit']>[0] = () => {}
  return {
    pid: 1,
    send: () => {},
    onMessage: () => {},
    onExit: listener => {
      ended = listener
    },
    kill: () => ended({ code: null, signal: 'SIGKILL', log: '' }),
  }
}

// Making a model of a rare tokenizer waited for ten minutes.
it('gives a job that reads a header a minute, and one that writes a file ten', async () => {
  const tools = createToolEngine(hanging)
  const forecast = expect(tools.forecast({ path: '/m' })).rejects.toThrow(
    'memory estimate failed: no sign of life for 60 seconds',
  )
  const job = { source: '/m', output: '/none/q', fileType: 'Q8_0' }
  const quantize = expect(tools.quantize(job)).rejects.toThrow('llama-quantize failed: no sign of life for 600 seconds')
  await vi.advanceTimersByTimeAsync(61_000)
  await forecast
  await vi.advanceTimersByTimeAsync(600_000)
  await quantize
})
