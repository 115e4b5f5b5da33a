import { describe, expect, test } from 'vitest'
import {
  cutAfterResponse,
  thinkingTags,
  toolCallTag,
} from '../../../../../main/inference/prompt/go-template/introspection.ts'
import { GoTemplate } from '../../../../../main/inference/prompt/go-template/template.ts'
import { goMap } from '../../../../../main/inference/prompt/go-template/values.ts'

const now = () => new Date(2026, 0, 1, 12)
const parse = (source: string) => GoTemplate.parse(source)

test('names are collected from every place, lower-cased', () => {
  const { identifiers } = parse(
    '{{define "x"}}{{.Suffix}}{{end}}{{if (index .Tools 0).Type}}{{range $m := .Messages}}{{$m.Role}}{{end}}{{end}}',
  )
  expect([...identifiers].sort()).toEqual(['$m', 'messages', 'role', 'suffix', 'tools', 'type'])
})

describe('a template that shows no answer gets one', () => {
  test.each([
    ['{{ .Prompt }}', 'P:R'],
    ['{{ .Prompt }}{{ .Response }}', 'P:R'],
    ['{{ .Prompt }}{{ range .Messages }}{{ end }}', 'P:'],
  ])('%s', (source, expected) => {
    expect(parse(source).execute(goMap({ Prompt: 'P:', Response: 'R' }), now)).toBe(expected)
  })
})

describe('cut after the first answer', () => {
  test.each([
    ['a{{ .Response }}b', 'aR'],
    ['{{ if .Response }}{{ .Response }}<end>{{ end }} tail', 'R'],
    ['{{ if .Prompt }}u{{ .Prompt }}{{ else }}none{{ end }}{{ .Response }}x{{ .Response }}', 'uPR'],
    ['{{ if false }}{{ .Response }}{{ else }}other{{ end }}tail', ''],
    ['{{ print "<" .Response }}>', '<R'],
    ['no answer', 'no answerR'],
  ])('%s', (source, expected) => {
    const template = parse(source)
    const cut = template.withRoot(cutAfterResponse(template.root))
    expect(cut.execute(goMap({ Prompt: 'P', Response: 'R' }), now)).toBe(expected)
  })
})

describe('thinking tags', () => {
  test.each([
    [
      '{{ range .Messages }}{{ if .Thinking }}<think>{{ .Thinking }}</think>{{ end }}{{ .Content }}{{ end }}',
      '<think>',
      '</think>',
    ],
    [
      '{{ range $i, $m := .Messages }}{{ if and $.IsThinkSet .Thinking }}\n<think>\n{{ .Thinking }}\n</think>\n{{ end }}{{ end }}',
      '<think>',
      '</think>',
    ],
    [
      '{{ range .Messages }}{{ if .Thinking -}}<|channel|>x{{ .Thinking }}<|end|>{{ end }}{{ end }}',
      '<|channel|>x',
      '<|end|>',
    ],
  ])('%s', (source, open, close) => {
    expect(thinkingTags(parse(source).root)).toEqual({ open, close })
  })

  test.each([
    ['no range', '<think>{{ .Thinking }}</think>'],
    ['a range over something else', '{{ range .Turns }}<a>{{ .Thinking }}</a>{{ end }}'],
    ['only tested, never shown', '{{ range .Messages }}{{ if .Thinking }}{{ .Content }}{{ end }}{{ end }}'],
    ['no closing text', '{{ range .Messages }}{{ if .Thinking }}<think>{{ .Thinking }}{{ end }}{{ end }}'],
    ['none at all', '{{ .Prompt }}'],
  ])('none: %s', (_, source) => {
    expect(thinkingTags(parse(source).root)).toBeUndefined()
  })
})

describe('the tag before tool calls', () => {
  test.each([
    [
      '{{ range .Messages }}{{ if .ToolCalls }}<tool_call>\n{{ range .ToolCalls }}{"name": "{{ .Function.Name }}"}{{ end }}</tool_call>{{ end }}{{ end }}',
      '<tool_call>',
    ],
    [
      '{{ range .Messages }}{{ if .Content }}{{ .Content }}{{ else if .ToolCalls }}[TOOL_CALLS] [{{ range .ToolCalls }}{"name"}{{ end }}]{{ end }}{{ end }}',
      '[TOOL_CALLS] [',
    ],
    [
      '{{ range .Messages }}{{ if .ToolCalls }}{{ range .ToolCalls }}{"name": "{{ .Function.Name }}"}{{ end }}{{ end }}{{ end }}',
      '{',
    ],
    ['{{ range .Messages }}{{ if .ToolCalls }}{{ .Content }}<call>{{ end }}{{ end }}', '{'],
    [
      '{{ range .Messages }}{{ if .ToolCalls }}\n\n{{ range .ToolCalls }}<|python_tag|>{{ end }}{{ end }}{{ end }}',
      '<|python_tag|>',
    ],
    ['{{ .Prompt }}', '{'],
  ])('%s', (source, tag) => {
    expect(toolCallTag(parse(source).root)).toBe(tag)
  })
})

test('dates follow the clock that is given, across a month', () => {
  const template = parse('{{ currentDate }} {{ yesterdayDate "02 Jan" }}{{ .Response }}')
  expect(template.execute(goMap({ Response: '' }), () => new Date(2026, 2, 1, 0, 5))).toBe('2026-03-01 2026-02-28')
})
