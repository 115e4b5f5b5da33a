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

/**
 * Asks a model to fill a form. What does not fit the model's context is refused and not cut: nobody would see what is
 * missing. The context is as large as a long source needs, in powers of two, so that sources of like length share a
 * loaded model.
 */
export function extractionRequest(
  form: Pick<Form, 'fields' | 'instructions'>,
  model: string,
  { kind, text, pictures }: Source,
): ChatRequest {
  const { system, user, format, options } = extractionOf(form, kind, text)
  const question = { role: 'user', content: user, ...(pictures.length > 0 ? { images: pictures } : {}) }
  const words = Math.ceil(Buffer.byteLength(system + user) / bytesPerToken)
  const needed = words + pictures.length * tokensPerPicture + besides
  return {
    model,
    messages: system === '' ? [question] : [{ role: 'system', content: system }, question],
    format,
    options: { ...options, ...(needed > usualContext ? { num_ctx: 2 ** Math.ceil(Math.log2(needed)) } : {}) },
    ...{ think: false, relaxThink: true, truncate: false, shift: false },
  }
}

/** The answer as it was written. @throws CutOff for one that is no whole object */
export function readAnswer(text: string): JsonObject {
  const reader = new PartialJson()
  reader.push(text)
  const value = reader.value ?? null
  const answer = isObject(value) ? value : null
  if (!reader.complete || answer === null) throw new CutOff(answer)
  return answer
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
