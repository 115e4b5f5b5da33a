import { type Field, fieldName, innerFields, type JsonObject, type Shape } from './field.ts'
import { answerSchema } from './form-schema.ts'

/** What a form is run on. */
export type SourceKind = 'text' | 'picture' | 'chat'

/**
 * Most tokens of an answer: twenty pages. A list without a largest length gives a weak model no reason to end, and
 * nobody waits for an answer of ten contexts.
 */
const mostTokens = 8_192

/** What a model is asked, in the words of Ollama's /api/chat. */
export interface Extraction {
  /** What the person says, and what the keys alone do not; empty for nothing. */
  readonly system: string
  readonly user: string
  readonly format: JsonObject
  /** The same source gives the same answer. */
  readonly options: { readonly temperature: 0; readonly num_predict: number }
}

const nouns = { text: 'text', picture: 'picture', chat: 'conversation' } as const

/**
 * How a model is asked to fill a form. The schema of the fields binds the answer; their names stand in the question as
 * well, as a model that only meets them while it writes has thought of others.
 * @param text of the source; empty for a picture
 */
export function extractionOf(
  { fields, instructions }: { readonly fields: readonly Field[]; readonly instructions: string },
  kind: SourceKind,
  text: string,
): Extraction {
  const question = `Extract the ${fieldList(fields)} from this ${nouns[kind]} as JSON.`
  return {
    system: [instructions.trim(), fieldNotes(fields)].filter(part => part !== '').join('\n\n'),
    user: [question, text].filter(part => part !== '').join('\n\n'),
    format: answerSchema(fields),
    options: { temperature: 0, num_predict: mostTokens },
  }
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
