import { describe, expect, it } from 'vitest'
import { mathDelimiters } from '../../../../renderer/ui/markdown/math-delimiters.ts'

describe('math delimiters', () => {
  it.each([
    ['a letter in single dollars', 'let $x$ be', 'let $$x$$ be'],
    ['LaTeX parentheses', 'so \\(a+b\\) holds', 'so $$a+b$$ holds'],
    ['LaTeX brackets in a line', '\\[c^2\\]', '$$c^2$$'],
    ['LaTeX brackets over lines', '\\[\n a\n\\]', '$$\na\n$$'],
    ['a command of one letter at the end', '$\\{a\\}$', '$$\\{a\\}$$'],
    ['two formulas', '$a_1$, $\\frac{a}{b}$.', '$$a_1$$, $$\\frac{a}{b}$$.'],
  ])('takes %s', (_, markdown, expected) => expect(mathDelimiters(markdown)).toBe(expected))

  it.each([
    ['two prices', 'costs $5 and $10'],
    ['a range of prices', 'it costs $5 to $10.'],
    ['an escaped dollar', 'price \\$5'],
    ['dollars with spaces inside', 'A $ b $ c'],
    ['a currency before a number', 'US$5 and US$6'],
    ['two dollars already', '$$x$$'],
    ['code', '`$x$` and `` a ` $b$ ``'],
    ['a fence', '```sh\necho $HOME $x$\n```'],
    ['a fence with tildes', '~~~\n\\(x\\)\n~~~'],
    ['a fence in a list', '- so:\n  ```\n  $x$\n  ```'],
    ['a fence that is still being written', '```sh\necho $A$'],
    ['an opening without an end', 'so \\(a + b'],
  ])('leaves %s alone', (_, markdown) => expect(mathDelimiters(markdown)).toBe(markdown))

  it('takes a formula after a price', () => {
    expect(mathDelimiters('$5, $10 and $x$')).toBe('$5, $10 and $$x$$')
  })

  it.each(['\\[', '\\(', '$a ', '`a', '$$', '``` \n'])(
    'does not look back over everything at each of a hundred thousand times %j',
    part => {
      // Looking back each time would take hours; the test's own limit is enough.
      expect(mathDelimiters(part.repeat(100_000)).length).toBeGreaterThan(0)
    },
  )
})
