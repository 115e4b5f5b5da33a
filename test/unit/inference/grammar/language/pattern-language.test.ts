import { expect, it, test } from 'vitest'
import { automaton, type State } from '../../../../../main/inference/grammar/language/automaton.ts'
import { contains } from '../../../../../main/inference/grammar/language/code-points.ts'
import { type Language, Languages } from '../../../../../main/inference/grammar/language/language.ts'
import { patternLanguage } from '../../../../../main/inference/grammar/language/pattern-language.ts'
import { UnsupportedExpression } from '../../../../../main/inference/grammar/language/regular-expression.ts'
import { Random } from '../random.ts'

const languages = new Languages(50_000_000)

const automata = new Map<Language, State[]>()

/** Follows the automaton, as the grammar made from it does. */
function accepts(language: Language, text: string): boolean {
  const states = automata.get(language) ?? automaton(languages, language)
  automata.set(language, states)
  let at = states.length > 0 ? 0 : undefined
  for (const character of text) {
    if (at === undefined) return false
    if (states[at]!.anything) return true
    at = states[at]!.edges.find(({ on }) => contains(on, character.codePointAt(0)!))?.to
  }
  return at !== undefined && (states[at]!.accepting || states[at]!.anything)
}

const expressions = [
  'a',
  '^a',
  'a$',
  '^a$',
  '^$',
  '',
  'ab|c',
  '^(ab|c)$',
  '^a*$',
  '^(a|b)*abb$',
  '^a+b?c{2}$',
  '^[^a]$',
  '^(a*)*$',
  '^(a?b?)*c$',
  '^(?=a)[ab]+$',
  '^(?!ab)[abc]*$',
  '^(?!.*bb)[abc]+$',
  'a(?=b)',
  '^(?:a|^b)c',
  '(a$|b)',
  '^(a|)b$',
  '^a{0}b$',
  '^(ab){1,2}$',
  '^\\w\\W?$',
  '[a-b]c',
  '^.b',
  'b.$',
  '^(?!$)a*$',
  '(?!a)',
  '^(?:(?=a)a|c)?b$',
  '^a{2,}$',
  '^(a{2,3}){2}$',
  '^(?=.*a)(?=.*b).{2,3}$',
]

// JavaScript itself says what an expression means.
test.each(expressions)('%s accepts what RegExp matches', source => {
  const language = patternLanguage(languages, source)
  const expression = new RegExp(source, 'u')
  const random = new Random(7)
  const texts = ['', 'a', 'b', 'c', 'ab', 'ba', 'bb', 'abc', '\n', 'a\n', '你', '😀']
  for (let i = 0; i < 400; i++)
    texts.push(Array.from({ length: random.between(0, 7) }, () => random.pick(['a', 'b', 'c', 'b', '-'])).join(''))
  expect(texts.filter(text => accepts(language, text) !== expression.test(text))).toEqual([])
})

it('agrees with RegExp on expressions nobody thought of', () => {
  const failures: string[] = []
  let tried = 0
  for (let seed = 0; seed < 400; seed++) {
    const random = new Random(seed)
    const source = `${random.pick(['', '^'])}${randomExpression(random, 3)}${random.pick(['', '$'])}`
    const language = supported(source)
    if (!language) continue
    tried++
    const expression = new RegExp(source, 'u')
    for (let i = 0; i < 30; i++) {
      const text = Array.from({ length: random.between(0, 6) }, () => random.pick(['a', 'b', 'c', '1'])).join('')
      if (accepts(language, text) !== expression.test(text)) failures.push(`${seed} /${source}/ "${text}"`)
    }
  }
  expect(failures).toEqual([])
  expect(tried).toBeGreaterThan(200)
})

/** Repeated lookahead is beyond a grammar. */
function supported(source: string): Language | undefined {
  try {
    return patternLanguage(languages, source)
  } catch (error) {
    if (error instanceof UnsupportedExpression) return undefined
    throw error
  }
}

function randomExpression(random: Random, depth: number): string {
  const inner = () => randomExpression(random, depth - 1)
  if (depth === 0) return random.pick(['a', 'b', 'c', '.', '[ab]', '[^a]', '\\d', '\\D'])
  return random.pick([
    () => inner() + inner(),
    () => `(${inner()}|${inner()})`,
    () => `(?:${inner()})${random.pick(['*', '+', '?', '{2}', '{1,2}', '{2,}', '*?'])}`,
    () => `(?${random.pick(['=', '!'])}${inner()})${inner()}`,
    inner,
  ])()
}
