import type { DetectedTemplate } from '../../library/creation.ts'
import type { GgufFacts } from '../../library/model.ts'
import type { ChatMessage } from '../requests.ts'
import { parseGoTemplate, renderMessages } from './go-rendering.ts'
import { JinjaError } from './jinja/error.ts'
import { JinjaTemplate } from './jinja/template.ts'

/** What is known of the template that a GGUF carries. */
export type TemplateFacts = Pick<GgufFacts, 'chatTemplate' | 'eosToken'>

/** What stands before and after the text of a turn. */
type Frame = readonly [before: string, after: string]

/** The Go template of a format whose turns are framed texts, one after the other. */
function framed(system: Frame, user: Frame, assistant: Frame): string {
  return [
    `{{ if .System }}${system[0]}{{ .System }}${system[1]}{{ end }}`,
    `{{ if .Prompt }}${user[0]}{{ .Prompt }}${user[1]}{{ end }}`,
    `${assistant[0]}{{ .Response }}${assistant[1]}`,
  ].join('')
}

/** Gemma has no system role: its text goes before the question's, after which there is `gap`. */
function gemma(gap: string): string {
  const question = `{{ if .System }}{{ .System }}${gap}{{ end }}{{ .Prompt }}`
  return `<start_of_turn>user\n${question}<end_of_turn>\n<start_of_turn>model\n{{ .Response }}<end_of_turn>\n`
}

const chatMl = (role: string): Frame => [`<|im_start|>${role}\n`, '<|im_end|>\n']
const llama3 = (role: string): Frame => [`<|start_header_id|>${role}<|end_header_id|>\n\n`, '<|eot_id|>']
const phi3 = (role: string): Frame => [`<|${role}|>\n`, '<|end|>\n']
const zephyr = (role: string): Frame => [`<|${role}|>\n`, '</s>\n']
const commandR = (role: string): Frame => [`<|START_OF_TURN_TOKEN|><|${role}_TOKEN|>`, '<|END_OF_TURN_TOKEN|>']
/** A role's heading on a line of its own, an empty line behind its text. */
const headed = (heading: string): Frame => [`${heading}\n`, '\n\n']

/** Mistral has no system role either. */
const mistral = '[INST] {{ if .System }}{{ .System }}\n\n{{ end }}{{ .Prompt }} [/INST]{{ .Response }}</s>'

const openChat =
  '{{ range .Messages }}GPT4 Correct {{ if eq .Role "user" }}User{{ else if eq .Role "system" }}System' +
  '{{ else }}Assistant{{ end }}: {{ .Content }}<|end_of_turn|>{{ end }}GPT4 Correct Assistant:'

const roles = (frame: (role: string) => Frame): string => framed(frame('system'), frame('user'), frame('assistant'))

/** Names and stop strings as upstream has them (template/index.json and the files beside it). */
const knownTemplates: readonly DetectedTemplate[] = [
  { name: 'chatml', template: roles(chatMl), stop: ['<|im_start|>', '<|im_end|>'] },
  {
    name: 'llama3-instruct',
    template: roles(llama3),
    stop: ['<|start_header_id|>', '<|end_header_id|>', '<|eot_id|>'],
  },
  { name: 'gemma-instruct', template: gemma(' '), stop: ['<start_of_turn>', '<end_of_turn>'] },
  { name: 'gemma3-instruct', template: gemma('\n\n'), stop: ['<end_of_turn>'] },
  { name: 'phi-3', template: roles(phi3), stop: ['<|end|>', '<|system|>', '<|user|>', '<|assistant|>'] },
  { name: 'zephyr', template: roles(zephyr), stop: ['<|system|>', '</s>', '<|user|>', '<|assistant|>'] },
  {
    name: 'command-r',
    template: framed(commandR('SYSTEM'), commandR('USER'), commandR('CHATBOT')),
    stop: ['<|START_OF_TURN_TOKEN|>', '<|END_OF_TURN_TOKEN|>'],
  },
  {
    name: 'granite-instruct',
    template: framed(headed('System:'), headed('Question:'), headed('Answer:')),
    stop: ['System:', 'Question:', 'Answer:'],
  },
  ...['', '\n\n'].map(end => ({
    name: 'solar-instruct',
    template: framed(headed('### System:'), headed('### User:'), ['### Assistant:\n', end]),
    stop: ['###System:', '###User:', '###Assistant'],
  })),
  {
    name: 'alpaca',
    template: framed(['', '\n\n'], headed('### Instruction:'), headed('### Response:')),
    stop: ['###Instruction:', '###Response'],
  },
  { name: 'openchat', template: openChat, stop: ['<|end_of_turn|>'] },
  { name: 'mistral-instruct', template: mistral, stop: ['<|im_start|>', '<|im_end|>'] },
]

const talk: readonly ChatMessage[] = [
  { role: 'user', content: 'First question' },
  { role: 'assistant', content: 'First answer' },
  { role: 'user', content: 'Second question' },
]
const ledTalk: readonly ChatMessage[] = [{ role: 'system', content: 'Some guidance' }, ...talk]

/**
 * The Go template that does what a GGUF's Jinja template does. Upstream (template/template.go, Named) compares the text
 * with a list of known ones; here both are tried on a conversation, and must write the same. A template that offers
 * tools or thinking has more to it than any of these, and stays alone.
 */
export function detectTemplate({ chatTemplate, eosToken }: TemplateFacts): DetectedTemplate | undefined {
  if (chatTemplate === undefined || /\btools\b|thinking/.test(chatTemplate)) return undefined
  const written = [talk, ledTalk].map(messages => rendered(chatTemplate, messages, eosToken))
  if (written[0] === undefined) return undefined
  const options = { think: undefined, now: () => new Date(0) }
  return knownTemplates.find(({ template }) =>
    [talk, ledTalk].every((messages, i) => {
      // Some refuse guidance; then the rest decides.
      if (written[i] === undefined) return true
      return renderMessages(parseGoTemplate(template), { messages, tools: [] }, options) === written[i]
    }),
  )
}

/** What a Jinja template writes, without the token that begins every text; undefined when it refuses. */
function rendered(source: string, messages: readonly ChatMessage[], eosToken = ''): string | undefined {
  const variables = { messages, add_generation_prompt: true, bos_token: '', eos_token: eosToken }
  try {
    return JinjaTemplate.parse(source).render(variables, () => new Date(0))
  } catch (error) {
    if (error instanceof JinjaError) return undefined
    throw error
  }
}
