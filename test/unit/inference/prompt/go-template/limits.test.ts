import { describe, expect, test } from 'vitest'
import { GoTemplate } from '../../../../../main/inference/prompt/go-template/template.ts'
import { goMap } from '../../../../../main/inference/prompt/go-template/values.ts'
import { cpuTime } from '../../../../cpu-time.ts'

const now = () => new Date(2026, 0, 1, 12)
const run = (source: string, data = {}) => GoTemplate.parse(source).execute(goMap({ Response: '', ...data }), now)

// A model file is a stranger's program: none of these may hang the app, overflow its stack or eat its memory.
describe('hostile templates end in an error', () => {
  test.each([
    [
      'endless recursion',
      '{{define "r"}}{{template "r" .}}{{end}}{{template "r" .}}',
      /exceeded maximum template depth/,
    ],
    [
      'recursion through every construct',
      '{{define "r"}}{{range $i := 2}}{{with 1}}{{if (print (len (print $i)))}}{{template "r" .}}{{end}}{{end}}{{end}}{{end}}{{template "r" .}}',
      /exceeded maximum template depth/,
    ],
    ['an endless loop', '{{range 9000000000}}{{range 9000000000}}{{end}}{{end}}', /takes too long/],
    [
      'gigabytes of output',
      '{{range 90000000}}aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa{{end}}',
      /the output is too long/,
    ],
    ['a text that doubles', `{{$x := "aaaaaaaa"}}${'{{$x = print $x $x}}'.repeat(60)}`, /the output is too long/],
    ['wide padding in a loop', '{{range 9000000}}{{$x := printf "%9000000d" 1}}{{end}}', /takes too long/],
  ])('%s', (_, source, error) => {
    const since = cpuTime()
    expect(() => run(source)).toThrow(error)
    expect(cpuTime() - since).toBeLessThan(30_000)
  })

  test.each([
    ['parentheses', `{{${'('.repeat(20_000)}1${')'.repeat(20_000)}}}`],
    ['blocks', '{{if 1}}'.repeat(4000) + '{{end}}'.repeat(4000)],
    ['else-if chains', `{{if 0}}${'{{else if 0}}'.repeat(4000)}{{end}}`],
    ['definitions in blocks', '{{block "a" .}}'.repeat(2500) + '{{end}}'.repeat(2500)],
  ])('nested too deep: %s', (_, source) => {
    expect(() => GoTemplate.parse(source)).toThrow('template: :1: max expression depth exceeded')
  })

  test('longer than any model’s', () => {
    expect(() => GoTemplate.parse('x'.repeat(64 * 1024 + 1))).toThrow('template: :1: longer than 65536 characters')
  })

  test('the deepest template that parses also runs', () => {
    const source = `${'{{if 1}}'.repeat(390)}x${'{{end}}'.repeat(390)}`
    expect(run(source)).toBe('x')
    expect(run(`{{${'('.repeat(390)}"x"${')'.repeat(390)}}}`)).toBe('x')
  })
})

test('a long chat renders quickly with the usual idiom for the last message', () => {
  const Messages = Array.from({ length: 10_000 }, (_, index) => ({ Role: 'user', Content: `m${index}` }))
  const source =
    '{{range $i, $m := .Messages}}{{$last := eq (len (slice $.Messages $i)) 1}}{{$m.Content}}{{if $last}}!{{end}}{{end}}'
  const since = cpuTime()
  expect(run(source, { Messages })).toMatch(/m9999!$/)
  expect(cpuTime() - since).toBeLessThan(3_000)
})

test('any text parses or fails with a message, in bounded time', () => {
  const pieces = [
    '{{',
    '}}',
    '{{- ',
    ' -}}',
    'if',
    'range',
    'end',
    'else',
    'define "a"',
    'template "a" .',
    '.Messages',
    '$x',
    ':=',
    '=',
    '|',
    '(',
    ')',
    '"',
    '`',
    "'",
    '1',
    'é',
    '\n',
    ' ',
    '/*',
    '*/',
    'x',
    '\\',
    ',',
    'break',
    '.',
    '-',
  ]
  let state = 7
  const random = (below: number) => {
    state = (state * 1103515245 + 12345) % 2147483648
    return Math.floor((state / 2147483648) * below)
  }
  for (let round = 0; round < 5000; round++) {
    const source = Array.from({ length: 1 + random(25) }, () => pieces[random(pieces.length)]).join('')
    try {
      run(source, { Messages: [1, 2, 3] })
    } catch (error) {
      expect((error as Error).message, source).toMatch(/^template: :\d+:/)
    }
  }
})
