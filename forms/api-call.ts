import { extractionOf, type SourceKind } from './extraction.ts'
import type { Field } from './field.ts'

/** What a call to copy is made of. */
export interface CallSubject {
  readonly fields: readonly Field[]
  readonly instructions: string
  readonly model: string
  readonly kind: SourceKind
  /** The text it is run on, by which the context is measured; empty for a picture. */
  readonly text: string
  /** What stands in the call for a text that is too long to be shown there. */
  readonly shownText?: string | undefined
  /** The pictures in base64, or what stands for each. */
  readonly pictures: readonly string[]
  /** Where the API listens, e.g. http://127.0.0.1:11434. */
  readonly address: string
}

export const callKinds = ['curl', 'ollama', 'openai'] as const
export type CallKind = (typeof callKinds)[number]

/**
 * The call Form Studio makes, as a person would make it: in the shell, with Ollama's or with OpenAI's library. OpenAI's
 * has no words for the size of the context, and for refusing what does not fit it.
 */
export function apiCall(kind: CallKind, subject: CallSubject): string {
  return { curl, ollama, openai }[kind](subject)
}

/** The request, with what stands for the text in its place. */
function requestOf({ kind, text, shownText = text, pictures, ...form }: CallSubject) {
  const source = { kind, pictures: pictures.length }
  const { options, ...request } = extractionOf(form, { ...source, text })
  const { messages } = extractionOf(form, { ...source, text: shownText })
  return { ...request, messages, options }
}

/** A body of /api/chat. */
function chatOf(subject: CallSubject) {
  const { messages, ...request } = requestOf(subject)
  const { pictures, model } = subject
  const [system, user] = [messages.slice(0, -1), messages.slice(-1)]
  const asked = pictures.length > 0 ? user.map(message => ({ ...message, images: pictures })) : user
  return { model, messages: [...system, ...asked], ...request }
}

function curl(subject: CallSubject): string {
  const body = JSON.stringify({ ...chatOf(subject), stream: false }, null, 2)
  return `curl ${subject.address}/api/chat -d ${shellQuoted(body)}`
}

function ollama(subject: CallSubject): string {
  return `import { Ollama } from 'ollama'

const ollama = new Ollama({ host: ${literal(subject.address)} })
const answer = await ollama.chat(${literal(chatOf(subject))})
console.log(JSON.parse(answer.message.content))
`
}

function openai(subject: CallSubject): string {
  const { messages, format, options } = requestOf(subject)
  const [system, user] = [messages.slice(0, -1), messages.slice(-1)]
  const images = subject.pictures.map(base64 => ({
    type: 'image_url',
    image_url: { url: `data:image/png;base64,${base64}` },
  }))
  const asked = user.map(({ role, content }) => ({ role, content: [{ type: 'text', text: content }, ...images] }))
  const request = {
    model: subject.model,
    messages: [...system, ...(images.length > 0 ? asked : user)],
    response_format: { type: 'json_schema', json_schema: { name: 'form', schema: format, strict: true } },
    temperature: options.temperature,
    max_tokens: options.num_predict,
    reasoning_effort: 'none',
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
