import { type Field, fieldName, innerFields, type JsonObject, type Shape } from './field.ts'
import { answerSchema } from './form-schema.ts'

/** What a form is run on. */
export type SourceKind = 'text' | 'picture' | 'chat'

/**
 * Most tokens of an answer: twenty pages. A list without a largest length gives a weak model no reason to end, and
 * nobody waits for an answer of ten contexts.
 */
const mostTokens = 8_192

/**
 * Tokens a source and its answer may take: Ollama's default context is 4,096, and a model loaded with more holds more
 * memory, so it is asked for only where it is needed.
 */
const usualContext = 4_096
/** UTF-8 bytes of a token, at the least in most texts; and what question, fields and answer take besides. */
const bytesPerToken = 2.5
const besides = 1_500
/** Tokens of a picture: models that see small print take one for each 28 x 28 pixels, others far fewer. */
const tokensPerPicture = 2_000

export interface ExtractionSource {
  readonly kind: SourceKind
  /** Empty for a picture. */
  readonly text: string
  /** How many there are. */
  readonly pictures: number
}

/** What a model is asked, in the words of Ollama's /api/chat, but for the model and the pictures. */
export interface Extraction {
  /** What the person says, and what the keys alone do not, where there is any; and the question, last. */
  readonly messages: readonly { readonly role: 'system' | 'user'; readonly content: string }[]
  readonly format: JsonObject
  /** The same source gives the same answer. `num_ctx` only where more is needed than is usual. */
  readonly options: { readonly temperature: 0; readonly num_predict: number; readonly num_ctx?: number }
  readonly think: false
  /** What does not fit the model's context is refused and not cut: nobody would see what is missing. */
  readonly truncate: false
  readonly shift: false
}

const nouns = { text: 'text', picture: 'picture', chat: 'conversation' } as const

/**
 * How a model is asked to fill a form. The schema of the fields binds the answer; their names stand in the question as
 * well, as a model that only meets them while it writes has thought of others. The context is as large as a long source
 * and its answer need, in powers of two, so that sources of like length share a loaded model.
 */
export function extractionOf(
  { fields, instructions }: { readonly fields: readonly Field[]; readonly instructions: string },
  { kind, text, pictures }: ExtractionSource,
): Extraction {
  const question = `Extract the ${fieldList(fields)} from this ${nouns[kind]} as JSON.`
  const system = [instructions.trim(), fieldNotes(fields)].filter(part => part !== '').join('\n\n')
  const user = [question, text].filter(part => part !== '').join('\n\n')
  // A list may repeat all of its source.
  const answer = holdsList(fields) ? tokensOf(text) : 0
  const needed = tokensOf(system + user) + pictures * tokensPerPicture + answer + besides
  const context = needed > usualContext ? { num_ctx: 2 ** Math.ceil(Math.log2(needed)) } : {}
  return {
    messages: [
      ...(system === '' ? [] : [{ role: 'system' as const, content: system }]),
      { role: 'user', content: user },
    ],
    format: answerSchema(fields),
    options: { temperature: 0, num_predict: mostTokens, ...context },
    think: false,
    truncate: false,
    shift: false,
  }
}

/** At the most, in most texts. */
const tokensOf = (text: string): number => Math.ceil(new TextEncoder().encode(text).length / bytesPerToken)

function holdsList(fields: readonly Field[]): boolean {
  return fields.some(({ shape }) => {
    if (shape.kind === 'other') return JSON.stringify(shape.schema).includes('"array"')
    return shape.kind === 'list' || holdsList(innerFields(shape))
  })
}

/** `shop, date and total` */
function fieldList(fields: readonly Field[]): string {
  const names = fields.map(fieldName)
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}

/** What a key alone does not say, a line a field; empty where the keys say it all. */
function fieldNotes(fields: readonly Field[]): string {
  const lines = fields.flatMap(field => noteOf(field, ''))
  return lines.length === 0 ? '' : ['About the fields:', ...lines].join('\n')
}

function noteOf(field: Field, indent: string): string[] {
  const { key, hint, shape } = field
  const about = [fieldName(field) === key ? '' : fieldName(field), hint ?? '', contents(shape)]
  const said = about.filter(part => part !== '').join('; ')
  const inside = innerFields(shape).flatMap(inner => noteOf(inner, `${indent}  `))
  return said === '' && inside.length === 0 ? [] : [`${indent}- ${key}${said === '' ? '' : `: ${said}`}`, ...inside]
}

function contents(shape: Shape): string {
  if (shape.kind === 'choice') return `one of ${shape.choices.join(', ')}`
  if (shape.kind === 'list') {
    const inner = contents(shape.item)
    return inner === '' ? 'a list' : `a list, each ${inner}`
  }
  return shape.kind === 'group' ? `with ${fieldList(shape.fields)}` : ''
}
