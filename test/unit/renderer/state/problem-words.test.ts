import { describe, expect, it } from 'vitest'
import source from '../../../../main/problem.ts?raw'
import { problemWords } from '../../../../renderer/state/problem-words.ts'

const union = /type ProblemCode =([\s\S]*?)\n\n/.exec(source)?.[1] ?? ''
const codes = [...union.matchAll(/'([a-z-]+)'/g)].map(match => match[1] ?? '')
const general = problemWords({ code: 'no such code', message: '' })

describe('the words for a problem', () => {
  it('know the codes main has', () => {
    expect(codes).toContain('out-of-memory')
    expect(codes.length).toBeGreaterThan(10)
  })

  it.each(codes.filter(code => code !== 'internal'))('%s has words of its own', code => {
    expect(problemWords({ code, message: '' }).title).not.toBe(general.title)
  })

  it('are the general ones for a code that is not known', () => {
    expect(general.title).toBe('problems.internal')
    expect(problemWords({ code: 'constructor', message: '' })).toBe(general)
  })
})
