import { type Field, fieldName, innerFields, type Json, type JsonObject, type Shape } from '../../forms/field.ts'
import { answerSchema } from '../../forms/form-schema.ts'
import { PartialJson } from '../../forms/partial-json.ts'
import type { Form, FormRow } from '../../preload/contract.ts'
import type { ChatMessage, ChatRequest } from '../inference/requests.ts'
import { Problem } from '../problem.ts'

/** What a form is run on, as the model gets it. */
export interface Source {
  readonly kind: FormRow['source']['kind']
  readonly text: string
  readonly pictures: readonly Uint8Array[]
}

/**
 * Most tokens of an answer: twenty pages. A list without a largest length gives a weak model no reason to end, and
 * nobody waits for an answer of ten contexts.
 */
const mostTokens = 8_192

const nouns = { text: 'text', picture: 'picture', chat: 'conversation' } as const

/**
 * Asks a model to fill a form. The grammar of the fields binds the answer; the same words stand in the question, as a
 * model that only meets a form's keys while it writes them has thought of others. What does not fit the model's context
 * is refused and not cut: nobody would see what is missing.
 */
export function extractionRequest(
  { fields, instructions }: Pick<Form, 'fields' | 'instructions'>,
  model: string,
  source: Source,
): ChatRequest {
  const system = [instructions.trim(), fieldNotes(fields)].filter(part => part !== '').join('\n\n')
  const question = `Extract the ${fieldList(fields)} from this ${nouns[source.kind]} as JSON.`
  const user: ChatMessage = {
    role: 'user',
    content: [question, source.text].filter(part => part !== '').join('\n\n'),
    ...(source.pictures.length > 0 ? { images: source.pictures } : {}),
  }
  return {
    model,
    messages: system === '' ? [user] : [{ role: 'system', content: system }, user],
    format: answerSchema(fields),
    // The same source gives the same row.
    options: { temperature: 0, num_predict: mostTokens },
    ...{ think: false, relaxThink: true, truncate: false, shift: false },
  }
}

/**
 * The answer as it was written. @throws Problem `answer-cut-off` for one that is no whole object, with what there is of
 * it as `answer`
 */
export function readAnswer(text: string): JsonObject {
  const reader = new PartialJson()
  reader.push(text)
  const value = reader.value ?? null
  const answer = isObject(value) ? value : null
  if (!reader.complete || answer === null) throw new CutOff(answer)
  return answer
}

/** An answer without its end. */
export class CutOff extends Problem {
  constructor(readonly answer: JsonObject | null) {
    super('answer-cut-off', 500, 'the answer has no end')
  }
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
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
