import { describe, expect, it } from 'vitest'
import type { Conversation } from '../../../../preload/contract.ts'
import { filtered, lastUses, ordered } from '../../../../renderer/features/models/installed/listing.ts'
import { installedModel } from '../../../../renderer/features/models/installed-model.ts'

const model = (name: string, size: number, modified_at: string, capabilities: string[] = []) =>
  installedModel({ name, size, modified_at, capabilities, details: { parameter_size: '4B' } }, 'demo')
const models = [
  model('qwen3:14b', 9e9, '2026-11-02T10:00:00.5+01:00', ['completion', 'tools']),
  model('Gemma3:latest', 3e9, '2026-11-20T10:00:00Z', ['completion', 'vision']),
  model('qwen3:4b', 3e9, 'never'),
]
const chat = (name: string, updatedAt: number) => ({ model: name, updatedAt }) as Conversation
const uses = lastUses([
  chat('gemma3', 5),
  chat('registry.ollama.ai/library/qwen3:14b', 9),
  chat('GEMMA3', 7),
  chat('', 99),
])
const namesIn = (list: readonly { name: string }[]) => list.map(({ name }) => name)

describe('the installed models stand in order', () => {
  it.each([
    // A date that is none would make the order of all others depend on where it stands.
    ['changed', ['Gemma3', 'qwen3:14b', 'qwen3:4b']],
    // Chats write a model's name in several ways.
    ['used', ['qwen3:14b', 'Gemma3', 'qwen3:4b']],
    // Neither by capitals first, nor 14 before 4.
    ['name', ['Gemma3', 'qwen3:4b', 'qwen3:14b']],
    ['size', ['qwen3:14b', 'Gemma3', 'qwen3:4b']],
  ] as const)('%s', (order, names) => {
    expect(namesIn(ordered(models, order, uses))).toEqual(names)
    expect(namesIn(ordered(models.toReversed(), order, uses))).toEqual(names)
  })
})

it('are found by words of what is read of them, in any order', () => {
  const read = ({ name, abilities }: (typeof models)[number]) => `${name} ${abilities.join(' ')}`
  expect(namesIn(filtered(models, ' TOOLS qwen ', read))).toEqual(['qwen3:14b'])
  expect(namesIn(filtered(models, 'llama', read))).toEqual([])
  expect(filtered(models, '  ', read)).toHaveLength(3)
})
