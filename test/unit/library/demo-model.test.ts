import { expect, it } from 'vitest'
import { isDemoModel } from '../../../main/library/demo-model.ts'

// What it writes as a title is often nonsense, and would be the first thing a person reads.
it.each([
  ['hearth-demo', true],
  ['hearth-demo:latest', true],
  ['Hearth-Demo', true],
  ['registry.ollama.ai/library/hearth-demo:latest', true],
  ['hearth-demo:2', false],
  ['someone/hearth-demo', false],
  ['gemma3', false],
  ['no name', false],
])('%s is the demo: %s', (name, demo) => expect(isDemoModel(name)).toBe(demo))
