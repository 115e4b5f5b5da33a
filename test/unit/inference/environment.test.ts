import { expect, it } from 'vitest'
import { inferenceEnvironment } from '../../../main/inference/environment.ts'

const minutes = 60_000
const forever = Number.POSITIVE_INFINITY

it.each([
  [undefined, 5 * minutes],
  ['10m', 10 * minutes],
  ['90', 90_000],
  ['0', forever],
  ['-1s', forever],
  ['soon', 5 * minutes],
])('OLLAMA_LOAD_TIMEOUT=%s lets a load stall for %d ms', (value, milliseconds) => {
  expect(inferenceEnvironment({ OLLAMA_LOAD_TIMEOUT: value }).loadTimeout).toBe(milliseconds)
})

it.each([
  [undefined, 5 * minutes],
  ['1h', 60 * minutes],
  ['90', 90_000],
  ['0', 0],
  ['-1', forever],
  ['soon', 5 * minutes],
])('OLLAMA_KEEP_ALIVE=%s keeps a model for %d ms', (value, milliseconds) => {
  expect(inferenceEnvironment({ OLLAMA_KEEP_ALIVE: value }).keepAlive).toBe(milliseconds)
})
