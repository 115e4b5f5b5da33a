import { expect, test } from 'vitest'
import { parts } from '../../../../main/api/ollama/answer.ts'
import { ResponseEvents } from '../../../../main/api/openai-responses/response-events.ts'
import { responsesRequest } from '../../../../main/api/openai-responses/responses-request.ts'
import type { InferenceEvent } from '../../../../main/inference/requests.ts'
import { eachOf } from '../../../../main/portions.ts'
import { fc } from '../../../properties.ts'

const piece: fc.Arbitrary<InferenceEvent> = fc.oneof(
  { weight: 3, arbitrary: fc.string().map(content => ({ type: 'delta' as const, content })) },
  { weight: 3, arbitrary: fc.string().map(thinking => ({ type: 'delta' as const, content: '', thinking })) },
  fc.nat(9).map(id => ({
    type: 'delta' as const,
    content: '',
    toolCalls: [{ id: `c${id}`, function: { name: 'f', arguments: { id } } }],
  })),
  fc.constant({ type: 'loading' as const, fraction: 0.5 }),
)

interface Event {
  type: string
  sequence_number: number
  output_index: number
  item_id: string
  delta: string
  text?: string
  arguments?: string
  item: { id: string; type: string }
  response: { output: object[] }
}

// Clients sum up by index and id: an item told under another's index loses its text, or makes the client fail.
test('whatever a model says, items follow one another, and the last event holds them all', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(piece, { minLength: 1 }), { maxLength: 12 }), async portions => {
      const said = portions.flat()
      const answer: InferenceEvent[][] = [...portions, [{ type: 'done', reason: 'stop' }]]
      const source = (async function* () {
        yield* answer
      })()
      const events: Event[] = []
      for await (const { data } of eachOf(new ResponseEvents(responsesRequest.zero()).of(parts(source)))) {
        events.push(JSON.parse(data as string))
      }
      expect(events.map(event => event.sequence_number)).toEqual(events.map((_, index) => index))
      const items: { added: Event['item']; done?: Event['item']; told: string }[] = []
      for (const event of events.slice(2, -1)) {
        if (event.type === 'response.output_item.added') {
          expect(event.output_index).toBe(items.length)
          expect(items.every(item => item.done)).toBe(true)
          items.push({ added: event.item, told: '' })
          continue
        }
        const item = items[event.output_index]!
        expect([event.output_index, item.done]).toEqual([items.length - 1, undefined])
        expect(event.item_id ?? event.item.id).toBe(item.added.id)
        if (event.type.endsWith('.delta')) item.told += event.delta
        else if (/_text\.done$|arguments\.done$/.test(event.type)) expect(event.text ?? event.arguments).toBe(item.told)
        else if (event.type === 'response.output_item.done') item.done = event.item
      }
      expect(events.at(-1)!.response.output).toEqual(items.map(item => item.done))
      const told = (type: string): string[] => items.filter(({ added }) => added.type === type).map(item => item.told)
      const deltas = said.filter(event => event.type === 'delta')
      const firstCall = deltas.findIndex(delta => delta.toolCalls)
      const spoken = firstCall === -1 ? deltas : deltas.slice(0, firstCall)
      expect(told('message').join('')).toBe(spoken.map(delta => delta.content).join(''))
      expect(told('reasoning').join('')).toBe(deltas.map(delta => delta.thinking ?? '').join(''))
      const calls = deltas.flatMap(delta => delta.toolCalls ?? [])
      expect(told('function_call').map(json => JSON.parse(json))).toEqual(calls.map(call => call.function.arguments))
    }),
    { numRuns: 500 },
  )
})
