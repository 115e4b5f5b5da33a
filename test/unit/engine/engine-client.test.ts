import { describe, expect, it } from 'vitest'
import type { EngineProcess, GenerateEvent, GenerateRequest } from '../../../main/engine/engine.ts'
import { EngineClient } from '../../../main/engine/engine-client.ts'
import type { FromEngine, ToEngine } from '../../../main/engine/protocol.ts'

/** An engine process on a string: the test says what it says. */
function stage(patience = 60_000) {
  const received: ToEngine[] = []
  let say: (message: FromEngine) => void = () => {}
  let exit: () => void = () => {}
  const process: EngineProcess = {
    pid: 1,
    send: message => void received.push(message as ToEngine),
    onMessage: listener => {
      say = listener
    },
    onExit: listener => {
      exit = () => listener({ code: 1, signal: null, log: '' })
    },
    kill: () => exit(),
  }
  const client = new EngineClient(process, patience)
  const over: boolean[] = []
  const generate = (signal?: AbortSignal) =>
    client.generate({} as GenerateRequest, signal, heard => over.push(heard))[Symbol.asyncIterator]()
  return { received, over, generate, say: (message: FromEngine) => say(message), exit: () => exit() }
}

const text: GenerateEvent = { type: 'text', text: 'x' }
const end = { type: 'end', reason: 'stop' } as unknown as GenerateEvent
const cancels = (received: readonly ToEngine[]) => received.filter(({ type }) => type === 'cancel').length

// The scheduler keeps a model for its answers: one that is over must not wait for a reader, and be over only once.
describe('an answer is over for the engine', () => {
  it('when its end has come, also for a reader who has not taken it yet, and can still be read', async () => {
    const { say, over, generate, received } = stage()
    const reader = generate()
    const first = reader.next()
    say({ type: 'events', answers: [{ id: 1, events: [text, text, end] }] })
    expect(await first).toMatchObject({ value: [text, text, end] })
    expect(over).toEqual([true])
    expect(await reader.next()).toMatchObject({ done: true })
    expect([over, cancels(received)]).toEqual([[true], 0])
  })

  it('when it failed, with the reason', async () => {
    const { say, over, generate } = stage()
    const first = generate().next()
    say({ type: 'failed', id: 1, problem: { code: 'internal', status: 500, message: 'broken' } })
    await expect(first).rejects.toThrow('broken')
    expect(over).toEqual([true])
  })

  it('when its reader leaves, waiting or not, and it is cancelled once', async () => {
    for (const isWaiting of [true, false]) {
      const { say, over, generate, received } = stage()
      const abort = new AbortController()
      const reader = generate(abort.signal)
      const first = reader.next()
      if (!isWaiting) {
        say({ type: 'events', answers: [{ id: 1, events: [text] }] })
        await first
      }
      abort.abort()
      await expect(isWaiting ? first : reader.next()).rejects.toMatchObject({ name: 'AbortError' })
      await reader.return(undefined)
      expect([over, cancels(received)]).toEqual([[false], 1])
    }
  })

  it('when its reader takes nothing although the engine waits for it', async () => {
    const { say, over, generate, received } = stage(20)
    const reader = generate()
    const first = reader.next()
    say({ type: 'events', answers: [{ id: 1, events: [text] }] })
    await first
    say({ type: 'events', answers: [{ id: 1, events: Array(300).fill(text) }] })
    await expect.poll(() => over).toEqual([false])
    expect(cancels(received)).toBe(1)
  })

  it('when the process dies', async () => {
    const { exit, over, generate } = stage()
    const first = generate().next()
    exit()
    await expect(first).rejects.toMatchObject({ code: 'engine-crashed' })
    expect(over).toEqual([false])
  })
})
