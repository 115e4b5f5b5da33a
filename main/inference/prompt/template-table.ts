import type { DetectedTemplate } from '../../library/creation.ts'

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
const zephyr =
  (end: string) =>
  (role: string): Frame => [`<|${role}|>\n`, `${end}\n`]
const alfred = (role: string): Frame => [`<start_${role}>`, '<end_message>']
const commandR = (role: string): Frame => [`<|START_OF_TURN_TOKEN|><|${role}_TOKEN|>`, '<|END_OF_TURN_TOKEN|>']
/** A role's heading on a line of its own, an empty line behind its text. */
const headed = (heading: string): Frame => [`${heading}\n`, '\n\n']

/**
 * Goes over the messages one by one.
 * @param turn writes one, and nothing behind an answer that is to go on (`$begun`)
 * @param begin stands before an answer that is to come
 */
function eachMessage(turn: string, begin = ''): string {
  return [
    '{{ range $i, $_ := .Messages }}{{ $last := eq (len (slice $.Messages $i)) 1 }}',
    `{{ $begun := and $last (eq .Role "assistant") }}${turn}`,
    `{{ if and $last (not $begun) }}${begin}{{ end }}{{ end }}`,
  ].join('')
}

const unlessBegun = (end: string): string => `{{ if not $begun }}${end}{{ end }}`

/** Formats without a system role of their own: its text goes into the first question. */
function inFirstQuestion(guidance: Frame, user: Frame, assistant: Frame): string {
  const first = `{{ if $system }}${guidance[0]}{{ $system }}${guidance[1]}{{ $system = "" }}{{ end }}`
  const question = `{{ if eq .Role "user" }}${user[0]}${first}{{ .Content }}${user[1]}`
  const answer = `{{ else if eq .Role "assistant" }}${assistant[0]}{{ .Content }}${unlessBegun(assistant[1])}{{ end }}`
  return `{{ $system := .System }}${eachMessage(question + answer)}`
}

/** Mistral's, of which each version has other spaces. */
const mistral = (before: string, answer: Frame): string =>
  inFirstQuestion(['', '\n\n'], [`${before}[INST] `, ' [/INST]'], answer)

/** Llama 2 begins every question with the token that begins a text. */
const llama2 = inFirstQuestion(['<<SYS>>\n', '\n<</SYS>>\n\n'], ['<s>[INST] ', ' [/INST]'], [' ', ' </s>'])

/** Every message as its role's name and its text; `begin` stands before the answer that is to come. */
function labelled(
  names: Readonly<Record<'system' | 'user' | 'assistant', string>>,
  after: string,
  begin: string,
): string {
  const role = `{{ if eq .Role "system" }}${names.system}{{ else if eq .Role "user" }}${names.user}{{ else }}${names.assistant}{{ end }}`
  return eachMessage(`${role}{{ .Content }}${unlessBegun(after)}`, begin)
}

/** What the two models for code that know no system role begin with; a system prompt takes its place. */
const codingAssistantPrompt =
  'You are an exceptionally intelligent coding assistant that consistently delivers accurate and reliable responses ' +
  'to user instructions.'

/** @param mark of a heading @param end what stands behind an answer */
function codingAssistant(mark: string, end: string): string {
  const guidance = `{{ if .System }}{{ .System }}{{ else }}${codingAssistantPrompt}{{ end }}\n\n`
  const question = `{{ if eq .Role "user" }}${mark} Instruction\n{{ .Content }}\n\n`
  const begin = `${mark} Response\n`
  const answer = `{{ else if eq .Role "assistant" }}${begin}{{ .Content }}${unlessBegun(end)}{{ end }}`
  return guidance + eachMessage(question + answer, begin)
}

/** The last answer's turn tells whom it is for, where the others do not. */
function codeLlama70b(): string {
  const begin = 'Source: assistant\nDestination: user\n\n '
  const told = 'Source: {{ .Role }}\n\n {{ .Content }} <step> '
  return eachMessage(`{{ if $begun }}${begin}{{ .Content }}{{ else }}${told}{{ end }}`, begin)
}

/** Of Falcon 180B; the smaller ones write paragraphs. */
const falconLines = labelled({ system: 'System: ', user: 'User: ', assistant: 'Falcon: ' }, '\n', 'Falcon:')
const chatQa = labelled({ system: 'System: ', user: 'User: ', assistant: 'Assistant: ' }, '\n\n', 'Assistant:')
const falconParagraphs = labelled(
  { system: '', user: '\n\nUser: ', assistant: '\n\nAssistant: ' },
  '',
  '\n\nAssistant:',
)

const openChat = labelled(
  { system: 'GPT4 Correct System: ', user: 'GPT4 Correct User: ', assistant: 'GPT4 Correct Assistant: ' },
  '<|end_of_turn|>',
  'GPT4 Correct Assistant:',
)

const roles = (frame: (role: string) => Frame): string => framed(frame('system'), frame('user'), frame('assistant'))

/** Names and stop strings as upstream has them (template/index.json and the files beside it). */
export const templateTable: readonly DetectedTemplate[] = [
  { name: 'chatml', template: roles(chatMl), stop: ['<|im_start|>', '<|im_end|>'] },
  {
    name: 'llama3-instruct',
    template: roles(llama3),
    stop: ['<|start_header_id|>', '<|end_header_id|>', '<|eot_id|>'],
  },
  { name: 'gemma-instruct', template: gemma(' '), stop: ['<start_of_turn>', '<end_of_turn>'] },
  { name: 'gemma3-instruct', template: gemma('\n\n'), stop: ['<end_of_turn>'] },
  { name: 'phi-3', template: roles(phi3), stop: ['<|end|>', '<|system|>', '<|user|>', '<|assistant|>'] },
  ...['</s>', '<|endoftext|>'].map(end => ({
    name: 'zephyr',
    template: roles(zephyr(end)),
    stop: ['<|system|>', '</s>', '<|user|>', '<|assistant|>'],
  })),
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
  ...[mistral('', ['', '</s>']), mistral('', ['', '</s> ']), mistral(' ', [' ', '</s>'])].map(template => ({
    name: 'mistral-instruct',
    template,
    stop: ['<|im_start|>', '<|im_end|>'],
  })),
  { name: 'llama2-chat', template: llama2, stop: ['[INST]', '[/INST]', '<<SYS>>', '<</SYS>>'] },
  { name: 'codellama-70b-instruct', template: codeLlama70b(), stop: ['Source:', 'Destination:', '<step>'] },
  ...[falconLines, falconParagraphs].map(template => ({
    name: 'falcon-instruct',
    template,
    stop: ['User:', 'Assistant:'],
  })),
  {
    name: 'chatqa',
    template: chatQa,
    stop: ['System:', 'User:', 'Assistant:', '<|begin_of_text|>'],
  },
  { name: 'magicoder', template: codingAssistant('@@', '\n\n'), stop: ['@@Instruction', '@@Response'] },
  ...['<|endoftext|>', '<|endoftext|>\n\n', '\n\n'].map(end => ({
    name: 'starcoder2-instruct',
    template: codingAssistant('###', end),
    stop: ['###Instruction', '###Response', '<|endoftext|>'],
  })),
  {
    name: 'alfred',
    template: roles(alfred),
    stop: ['<start_system>', '<end_message>', '<start_user>', '<start_assistant>'],
  },
]
