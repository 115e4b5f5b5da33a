import { expect, test } from 'vitest'
import { messageEvents } from '../../../../main/api/anthropic/message-events.ts'
import { parts } from '../../../../main/api/ollama/answer.ts'
import type { InferenceEvent } from '../../../../main/inference/requests.ts'
import { eachOf } from '../../../../main/portions.ts'
import { fc } from '../../../properties.ts'

const piece: fc.Arbitrary<InferenceEvent> = fc.oneof(
  fc.string().map(content => ({ type: 'delta' as const, content })),
  fc.string().map(thinking => ({ type: 'delta' as const, content: '', thinking })),
  fc.tuple(fc.string(), fc.string()).map(([content, thinking]) => ({ type: 'delta' as const, content, thinking })),
  fc.nat(9).map(id => ({
    type: 'delta' as const,
    content: '',
    toolCalls: [{ id: `c${id}`, function: { name: 'f', arguments: { id } } }],
  })),
  fc.constant({ type: 'loading' as const, fraction: 0.5 }),
)

interface Event {
  type: string
  index?: number
  content_block?: { type: string }
  delta?: { text?: string; thinking?: string; partial_json?: string }
}

// Clients sum up by index: a block left open, filled under another's index or opened twice loses text without a word.
test('whatever a model says, blocks follow one another and hold all of it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(piece, { minLength: 1 }), { maxLength: 12 }), async portions => {
      const said = portions.flat()
      const answer: InferenceEvent[][] = [...portions, [{ type: 'done', reason: 'stop' }]]
      const events: Event[] = []
      const source = (async function* () {
        yield* answer
      })()
      for await (const { data } of eachOf(
        messageEvents({ id: 'msg', model: 'm', estimatedTokens: 1, searches: false }, parts(source)),
      )) {
        events.push(data as Event)
      }
      const blocks: { type: string; told: string; open: boolean }[] = []
      for (const event of events.slice(1, -2)) {
        if (event.type === 'content_block_start') {
          expect(event.index).toBe(blocks.length)
          expect(blocks.every(block => !block.open)).toBe(true)
          blocks.push({ type: event.content_block!.type, told: '', open: true })
          continue
        }
        const block = blocks[event.index!]!
        expect(block.open).toBe(true)
        if (event.type === 'content_block_stop') block.open = false
        else block.told += event.delta!.text ?? event.delta!.thinking ?? event.delta!.partial_json
      }
      expect(blocks.every(block => !block.open && block.told !== '')).toBe(true)
      const told = (type: string): string[] => blocks.filter(block => block.type === type).map(block => block.told)
      const deltas = said.filter(event => event.type === 'delta')
      expect(told('text').join('')).toBe(deltas.map(delta => delta.content).join(''))
      expect(told('thinking').join('')).toBe(deltas.map(delta => delta.thinking ?? '').join(''))
      const calls = deltas.flatMap(delta => delta.toolCalls ?? [])
      expect(told('tool_use').map(json => JSON.parse(json))).toEqual(calls.map(call => call.function.arguments))
      expect(events.map(event => event.type).filter(type => !type.startsWith('content_block'))).toEqual([
        'message_start',
        'message_delta',
        'message_stop',
      ])
    }),
    { numRuns: 500 },
  )
})
