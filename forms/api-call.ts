import { extractionOf, type SourceKind } from './extraction.ts'
import type { Field } from './field.ts'

/** What a call to copy is made of. */
export interface CallSubject {
  readonly fields: readonly Field[]
  readonly instructions: string
  readonly model: string
  readonly kind: SourceKind
  /** The text it is run on. */
  readonly text: string
  /** Where the API listens, e.g. http://127.0.0.1:11434. */
  readonly address: string
}

export const callKinds = ['curl', 'ollama', 'openai'] as const
export type CallKind = (typeof callKinds)[number]

/** The call Form Studio makes, as a person would make it: in the shell, with Ollama's or with OpenAI's library. */
export function apiCall(kind: CallKind, subject: CallSubject): string {
  return { curl, ollama, openai }[kind](subject)
}

function messagesOf({ system, user }: { readonly system: string; readonly user: string }) {
  return [...(system === '' ? [] : [{ role: 'system', content: system }]), { role: 'user', content: user }]
}

function curl(subject: CallSubject): string {
  const { format, options, ...said } = extractionOf(subject, subject.kind, subject.text)
  const body = { model: subject.model, messages: messagesOf(said), format, options, think: false, stream: false }
  return `curl ${subject.address}/api/chat -d ${shellQuoted(JSON.stringify(body, null, 2))}`
}

function ollama(subject: CallSubject): string {
  const { format, options, ...said } = extractionOf(subject, subject.kind, subject.text)
  const request = { model: subject.model, messages: messagesOf(said), format, options, think: false }
  return `import { Ollama } from 'ollama'

const ollama = new Ollama({ host: ${literal(subject.address)} })
const answer = await ollama.chat(${literal(request)})
console.log(JSON.parse(answer.message.content))
`
}

function openai(subject: CallSubject): string {
  const { format, options, ...said } = extractionOf(subject, subject.kind, subject.text)
  const request = {
    model: subject.model,
    messages: messagesOf(said),
    response_format: { type: 'json_schema', json_schema: { name: 'form', schema: format, strict: true } },
    temperature: options.temperature,
    max_tokens: options.num_predict,
  }
  return `import OpenAI from 'openai'

const openai = new OpenAI({ baseURL: ${literal(`${subject.address}/v1`)}, apiKey: 'none' })
const answer = await openai.chat.completions.create(${literal(request)})
console.log(JSON.parse(answer.choices[0].message.content))
`
}

/** JSON is JavaScript; `__proto__` alone means another thing there. */
const literal = (value: unknown): string => JSON.stringify(value, null, 2).replaceAll('"__proto__":', '["__proto__"]:')

/** For a POSIX shell: nothing is read inside these quotes. */
const shellQuoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`
