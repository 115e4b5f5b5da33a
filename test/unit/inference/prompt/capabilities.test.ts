import { describe, expect, test } from 'vitest'
import { capabilities, requireCapabilities } from '../../../../main/inference/prompt/capabilities.ts'
import { parseModelName } from '../../../../main/library/model-name.ts'
import { facts, model } from './models.ts'

const goThinking = '{{ range .Messages }}{{ if .Thinking }}<think>{{ .Thinking }}</think>{{ end }}{{ end }}'

describe('what a model can do', () => {
  test.each<[what: string, subject: Parameters<typeof capabilities>, expected: string[]]>([
    ['bare weights', [model(), facts()], ['completion']],
    ['weights that pool', [model(), facts({ pooling: true })], ['embedding']],
    ['Jinja with tools', [model(), facts({ chatTemplate: '{% if tools %}{% endif %}' })], ['completion', 'tools']],
    ['Jinja with thinking', [model(), facts({ chatTemplate: '<think></think>' })], ['completion', 'thinking']],
    [
      'Jinja that cuts thinking off',
      [model(), facts({ chatTemplate: "{{ content.split('</think>')[-1] }}" })],
      ['completion', 'thinking'],
    ],
    [
      'Jinja that gives thinking back',
      [model(), facts({ chatTemplate: "{{ reasoning_content }}{{ content.split('</think>') }}" })],
      ['completion'],
    ],
    [
      'Jinja with markers of its own for thinking',
      [model(), facts({ chatTemplate: '[THINK] [/THINK] [TOOL_CALLS] tools' })],
      ['completion', 'tools', 'thinking'],
    ],
    [
      'Go template with tools and a gap',
      [model({ template: '{{ .Tools }}{{ .Suffix }}{{ .Response }}' }), facts()],
      ['completion', 'tools', 'insert'],
    ],
    ['Go template with thinking', [model({ template: goThinking }), facts()], ['completion', 'thinking']],
    ['a Go template that does not parse', [model({ template: '{{ .Tools' }), facts()], ['completion']],
    ['a parser', [model({ config: { parser: 'qwen3-coder' } }), facts()], ['completion', 'tools']],
    ['a parser that thinks', [model({ config: { parser: 'glm-4.7' } }), facts()], ['completion', 'tools', 'thinking']],
    ['a parser of thinking that is none', [model({ config: { parser: 'glm-ocr' } }), facts()], ['completion', 'tools']],
    ['an unknown parser', [model({ config: { parser: 'nobody' } }), facts()], ['completion']],
    ['gpt-oss', [model({ config: { model_family: 'gptoss' } }), facts()], ['completion', 'thinking']],
    ['a projector', [model({ projectorPaths: ['/p'] }), facts()], ['completion', 'vision']],
    [
      'a projector that hears',
      [model({ projectorPaths: ['/p'] }), facts(), [facts({ audio: true })]],
      ['completion', 'vision', 'audio'],
    ],
    ['encoders in the weights', [model(), facts({ vision: true, audio: true })], ['completion', 'vision', 'audio']],
    [
      'what the config says',
      [model({ config: { capabilities: ['image', 'tools'] } }), facts()],
      ['completion', 'tools', 'image'],
    ],
  ])('%s', (_, subject, expected) => {
    expect([...capabilities(...subject)]).toEqual(expected)
  })
})

describe('what it lacks is named in the words clients know', () => {
  const named = (name: string, family = 'llama') =>
    model({ name: parseModelName(name)!, config: { model_family: family } })

  test.each([
    ['test', 'llama', ['insert'], 'registry.ollama.ai/library/test:latest does not support insert'],
    ['mike/m:7b', 'llama', ['tools', 'insert'], 'registry.ollama.ai/mike/m:7b does not support tools\ninsert'],
    ['hf.co/a/b:q4', 'llama', ['tools'], 'hf.co/a/b:q4 does not support tools'],
    [
      'deepseek-r1',
      'qwen2',
      ['thinking'],
      'registry.ollama.ai/library/deepseek-r1:latest does not support thinking. Pull the model again to get the latest version with full thinking support',
    ],
    [
      'mine',
      'qwen3',
      ['thinking'],
      'registry.ollama.ai/library/mine:latest does not support thinking. Pull the model again to get the latest version with full thinking support',
    ],
  ] as const)('%s %s %j', (name, family, wants, text) => {
    expect(() => requireCapabilities(named(name, family), new Set(['completion']), wants)).toThrow(
      expect.objectContaining({ status: 400, message: text }),
    )
  })

  test('what it has is let through', () => {
    expect(() => requireCapabilities(named('test'), new Set(['completion', 'tools']), ['tools'])).not.toThrow()
  })
})
