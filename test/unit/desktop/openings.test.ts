import { expect, it } from 'vitest'
import { Openings } from '../../../main/desktop/openings.ts'
import { Problem } from '../../../main/problem.ts'
import type { ChosenFiles } from '../../../preload/contract.ts'

const model: ChosenFiles = {
  token: 't',
  name: 'a.gguf',
  format: 'gguf',
  kind: 'model',
  bytes: 1,
  precision: 'F16',
  parameters: 1,
}

const openings = () =>
  new Openings(async path => {
    if (path.endsWith('broken.gguf')) throw new Problem('broken-model-file', 400, 'broken.gguf is no GGUF file')
    return model
  })

const link = (text: string) => ({ kind: 'link', text }) as const
const file = (path: string) => ({ kind: 'file', path }) as const

it('what waits is taken once, in its order, and what cannot be used says why', async () => {
  const waiting = openings()
  waiting.add([link('hearth://pull/qwen3'), file('/models/a.gguf')])
  waiting.add([file('/models/broken.gguf'), link('hearth://format-disk'), link('hearth://')])
  expect(await waiting.take()).toEqual([
    { kind: 'model', model: 'qwen3' },
    { kind: 'file', files: model },
    {
      kind: 'unusable-file',
      problem: { code: 'broken-model-file', message: 'broken.gguf is no GGUF file' },
    },
    { kind: 'unknown-link' },
  ])
  expect(await waiting.take()).toEqual([])
})

// A window follows its address only when that changes.
it('each time the window is sent to another address, and to none where there is nothing', () => {
  const waiting = openings()
  expect(waiting.add([])).toBeUndefined()
  const first = waiting.add([link('hearth://pull/a')])
  expect(waiting.add([link('hearth://pull/a')])).not.toBe(first)
})

it('a program that hands over without end fills nothing', async () => {
  const waiting = openings()
  for (let count = 0; count < 100; count += 1) waiting.add([link('hearth://pull/a')])
  expect(await waiting.take()).toHaveLength(10)
})
