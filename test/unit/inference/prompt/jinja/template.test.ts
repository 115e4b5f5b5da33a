import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { JinjaTemplate } from '../../../../../main/inference/prompt/jinja/template.ts'
import { cpuTime } from '../../../../cpu-time.ts'
import recorded from './jinja-cases.json' with { type: 'json' }
import tinyChat from './tiny-chat-cases.json' with { type: 'json' }

const now = () => new Date(2026, 0, 2, 3, 4, 5)
const render = (source: string, variables: Record<string, unknown> = recorded.data) =>
  JinjaTemplate.parse(source).render(variables, now)

/**
 * What Python's Jinja2 (3.1, sandboxed, with transformers' settings) gave for each template; models were trained on
 * prompts it rendered. Where it failed, so must we; the words are our own.
 */
describe('templates give what Jinja2 gives', () => {
  test.each(recorded.cases as { template: string; out?: string; fails?: boolean }[])(
    '$template',
    ({ template, out }) => {
      if (out === undefined) expect(() => render(template)).toThrow()
      else expect(render(template)).toBe(out)
    },
  )
})

describe("the demo model's template, as its training rendered it", () => {
  const folder = new URL('../../../../fixtures/models/', import.meta.url)
  const source = readFileSync(new URL('train/chat_template.jinja', folder), 'utf8')

  test.each(tinyChat)('$name', ({ variables, out }) => {
    expect(render(source, variables)).toBe(out)
  })

  test('is the one in the tokenizer file', () => {
    const config = JSON.parse(readFileSync(new URL('tiny-chat-hf/tokenizer_config.json', folder), 'utf8'))
    expect(config.chat_template).toBe(source)
  })
})

describe('errors', () => {
  test.each([
    ["{{ raise_exception('Roles must alternate!') }}", 'Roles must alternate!'],
    ['{{ missing.x }}', "'missing' is undefined"],
    ['{{ d.k.x.y }}', "'str object' has no attribute 'x'"],
    ['{% if %}', /^unexpected .* \(line 1\)$/],
    ['\n\n{% nope %}', "Encountered unknown tag 'nope'. (line 3)"],
    ['{{ 1|nope }}', "No filter named 'nope'."],
    ['{{ 1 is nope }}', "No test named 'nope'."],
    ['{{ l|tojson(bad=1) }}', "tojson() got an unexpected keyword argument 'bad'"],
    ['{{ [missing]|tojson }}', 'Object of type Undefined is not JSON serializable'],
  ])('%s', (source, message) => {
    expect(() => render(source)).toThrow(message)
  })
})

// A model file is a stranger's program: none of these may hang the app, overflow its stack or eat its memory.
describe('hostile templates end in an error', () => {
  test.each([
    ['endless recursion', '{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}', /nests too deep/],
    ['endless recursion through a loop', '{% for x in [l] recursive %}{{ loop([l]) }}{% endfor %}', /nests too deep/],
    [
      'loops in loops',
      '{% for a in range(9999) %}{% for b in range(9999) %}{{ b }}{% endfor %}{% endfor %}',
      /takes too long|too long/,
    ],
    ['a huge range', '{{ range(1000000000)|list }}', /Range too big/],
    ['a text that doubles', `{% set x = 'aaaaaaaa' %}${'{% set x = x ~ x %}'.repeat(60)}`, /too long/],
    ['a list that doubles', `{% set x = [1] %}${'{% set x = x + x %}'.repeat(60)}`, /takes too long|nests/],
    ['a text times a billion', "{{ 'a' * 1000000000 }}", /too long/],
    ['a wide format', "{{ '%1000000000d' % 1 }}", /too large/],
    ['a wide centre', "{{ 'a'.center(1000000000) }}", /too large/],
    [
      'filters over long texts',
      "{% set x = 'a' * 9999999 %}{% for i in range(99999) %}{% set y = x|upper %}{% endfor %}",
      /takes too long/,
    ],
  ])('%s', (_, source, message) => {
    const since = cpuTime()
    expect(() => render(source)).toThrow(message)
    expect(cpuTime() - since).toBeLessThan(30_000)
  })

  test.each([
    ['parentheses', `{{ ${'('.repeat(50_000)}1${')'.repeat(50_000)} }}`],
    ['lists', `{{ ${'['.repeat(50_000)}${']'.repeat(50_000)} }}`],
    ['blocks', '{% if 1 %}'.repeat(50_000)],
    ['elif chains', `{% if 0 %}${'{% elif 0 %}'.repeat(50_000)}{% endif %}`],
    ['not', `{{ ${'not '.repeat(50_000)}1 }}`],
    ['signs', `{{ ${'- '.repeat(50_000)}1 }}`],
  ])('nested too deep: %s', (_, source) => {
    expect(() => render(source)).toThrow(/nests too deep/)
  })

  test('longer than any model’s', () => {
    expect(() => render('x'.repeat(1024 * 1024 + 1))).toThrow('the template is longer than 1048576 characters')
  })

  test('long chains that do not nest are fine', () => {
    expect(render(`{{ 1${' + 1'.repeat(300)} }}`)).toBe('301')
    expect(render(`{{ 'a'${'|upper'.repeat(300)} }}`)).toBe('A')
  })

  test('half a megabyte of white space is cut in linear time', () => {
    const since = cpuTime()
    expect(render(`${' '.repeat(500_000)}{%- if true %}x{% endif -%}${'\n'.repeat(500_000)}`)).toBe('x')
    expect(cpuTime() - since).toBeLessThan(3_000)
  })
})

test('a long chat renders quickly', () => {
  const messages = Array.from({ length: 10_000 }, (_, index) => ({
    role: index % 2 ? 'assistant' : 'user',
    content: `m${index}`,
  }))
  const source =
    "{% for m in messages %}{% if m.role == 'user' %}<u>{{ m['content']|trim }}{% else %}<a>{{ m.content }}{% endif %}{% endfor %}"
  const since = cpuTime()
  expect(render(source, { messages })).toMatch(/<a>m9999$/)
  expect(cpuTime() - since).toBeLessThan(3_000)
})

test('what a template changes stays within one rendering', () => {
  const template = JinjaTemplate.parse(
    "{% set _ = d.update({'x': 1}) %}{% set _ = l.append(9) %}{{ d|length }}{{ l|length }}",
  )
  const variables = { d: {}, l: [] as number[] }
  expect(template.render(variables, now)).toBe('11')
  expect(template.render(variables, now)).toBe('11')
  expect(variables).toEqual({ d: {}, l: [] })
})

test('any text renders or fails with a message, in bounded time', () => {
  const pieces = [
    '{{',
    '}}',
    '{%',
    '%}',
    '{#',
    '#}',
    '-',
    'if',
    'for x in l',
    'endfor',
    'endif',
    'set a =',
    'macro m()',
    'endmacro',
    'a',
    'l',
    '|',
    'tojson',
    'is',
    '(',
    ')',
    '[',
    ']',
    '{',
    '}',
    ':',
    "'",
    '"',
    '\\',
    '1',
    '.',
    ',',
    '\n',
    ' ',
    '~',
    '*',
    'raw',
    'endraw',
    'é',
  ]
  let state = 5
  const random = (below: number) => {
    state = (state * 1103515245 + 12345) % 2147483648
    return Math.floor((state / 2147483648) * below)
  }
  for (let round = 0; round < 5000; round++) {
    const source = Array.from({ length: 1 + random(25) }, () => pieces[random(pieces.length)]).join(
      random(2) ? ' ' : '',
    )
    try {
      render(source)
    } catch (error) {
      expect((error as Error).name, source).toBe('JinjaError')
    }
  }
})
