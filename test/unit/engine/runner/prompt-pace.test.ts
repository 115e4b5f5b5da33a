import { describe, expect, it } from 'vitest'
import { PromptPace } from '../../../../main/engine/runner/prompt-pace.ts'

describe('PromptPace', () => {
  it('begins carefully: a first batch of 512 could hold a slow machine for half a minute', () => {
    expect(new PromptPace(512).limit(false)).toBe(64)
  })

  it('grows to the whole batch where that is quick', () => {
    const pace = new PromptPace(512)
    pace.record(64, 5)
    expect(pace.limit(false)).toBe(512)
  })

  it('keeps pieces shorter while others wait for their next token', () => {
    const pace = new PromptPace(512)
    pace.record(64, 64)
    expect(pace.limit(false)).toBe(256)
    expect(pace.limit(true)).toBe(64)
  })

  it('does not take the speed of single tokens for that of prompts', () => {
    const pace = new PromptPace(512)
    pace.record(256, 256)
    pace.record(1, 100)
    expect(pace.limit(false)).toBe(256)
  })

  it('never asks for more than the batch holds, however small it is', () => {
    const pace = new PromptPace(16)
    expect(pace.limit(false)).toBe(16)
  })
})
