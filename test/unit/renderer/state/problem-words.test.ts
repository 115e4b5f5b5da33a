import { describe, expect, it } from 'vitest'
import { problemWords } from '../../../../renderer/state/problem-words.ts'

describe('the words for a problem', () => {
  it('are those of its code', () => {
    expect(problemWords({ code: 'out-of-memory', message: '' })).toMatchObject({ title: 'problems.outOfMemory' })
  })

  // Another Hearth's main may know more codes, and a code is no name to look up on every object.
  it.each(['no such code', 'constructor', 'internal'])('are the general ones for %s', code => {
    expect(problemWords({ code, message: '' })).toMatchObject({ title: 'problems.internal' })
  })
})
