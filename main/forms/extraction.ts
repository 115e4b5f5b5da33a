import { extractionOf } from '../../forms/extraction.ts'
import type { Json, JsonObject } from '../../forms/field.ts'
import { PartialJson } from '../../forms/partial-json.ts'
import type { Form, FormRow } from '../../preload/contract.ts'
import type { ChatRequest } from '../inference/requests.ts'
import { Problem } from '../problem.ts'

/** What a form is run on, as the model gets it. */
export interface Source {
  readonly kind: FormRow['source']['kind']
  readonly text: string
  readonly pictures: readonly Uint8Array[]
}

/** Asks a model to fill a form. */
export function extractionRequest(
  form: Pick<Form, 'fields' | 'instructions'>,
  model: string,
  { kind, text, pictures }: Source,
): ChatRequest {
  const { messages, ...asked } = extractionOf(form, { kind, text, pictures: pictures.length })
  const [question] = messages.slice(-1)
  const withPictures = pictures.length > 0 && question ? [{ ...question, images: pictures }] : messages.slice(-1)
  return { model, messages: [...messages.slice(0, -1), ...withPictures], ...asked, relaxThink: true }
}

/** The same with twice the context. @param contextSize tokens of the one that was too small */
export const withLargerContext = (request: ChatRequest, contextSize: number): ChatRequest => ({
  ...request,
  options: { ...request.options, num_ctx: 2 * contextSize },
})

/** The answer as it was written. @throws CutOff for one that is no whole object */
export function readAnswer(text: string): JsonObject {
  const reader = new PartialJson()
  reader.push(text)
  const value = reader.value ?? null
  const answer = isObject(value) ? value : null
  if (!reader.complete || answer === null) throw new CutOff(answer)
  return answer
}

/** Characters at the end of an answer that is lost in repetition, and at most of what comes there again and again. */
const lostTail = 2_000
const longestRepeated = 100

/**
 * Whether the end of an answer is one short piece twenty times and more, as where a weak model fills a text that has no
 * limit: it goes on so until its tokens are used up, minutes later. The engine ends what is one token again and again.
 */
export function isLost(text: string): boolean {
  const end = text.slice(-lostTail)
  if (end.length < lostTail) return false
  for (let period = 1; period <= longestRepeated; period += 1) if (end.startsWith(end.slice(period))) return true
  return false
}

/** An answer without its end, with what there is of it. */
export class CutOff extends Problem {
  constructor(readonly answer: JsonObject | null) {
    super('answer-cut-off', 500, 'the answer has no end')
  }
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
