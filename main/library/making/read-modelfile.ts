import { ModelfileError, parseModelfile } from '../modelfile.ts'
import { modelfileRequest } from '../modelfile-request.ts'

/** What a pasted Modelfile says, in the form the window fills its fields with. */
export interface ReadModelfile {
  /** FROM: the name of a model, or a path, which the person has to point at. */
  readonly from: string
  readonly fromFile: boolean
  /** ADAPTER: a path. */
  readonly adapter: string
  readonly system: string
  readonly template: string
  readonly license: string
  readonly parameters: Readonly<Record<string, unknown>>
  readonly messages: readonly { readonly role: 'system' | 'user' | 'assistant'; readonly content: string }[]
}

export type ModelfileReading =
  | { readonly ok: true; readonly read: ReadModelfile }
  /** `line` counts from 1; 0 where the whole is meant. `reason` is upstream's, in English. */
  | { readonly ok: false; readonly line: number; readonly reason: string }

/** Reads a Modelfile; its paths are not looked at. */
export function readModelfile(source: string): ModelfileReading {
  try {
    const { from, adapter = '', request } = modelfileRequest(parseModelfile(source))
    const [base = ''] = from
    const { system = '', template = '', license = [], parameters = {}, messages = [] } = request
    return {
      ok: true,
      read: {
        from: base,
        fromFile: isPath(base),
        adapter,
        system,
        template,
        parameters,
        license: [license].flat().join('\n\n'),
        messages: messages as ReadModelfile['messages'],
      },
    }
  } catch (error) {
    if (error instanceof ModelfileError) return { ok: false, line: error.line ?? 0, reason: error.reason }
    throw error
  }
}

/** Whether FROM means a file, as far as its text tells: the folder it is relative to is not known here. */
function isPath(text: string): boolean {
  return /^(?:[~.]|[\\/]|[A-Za-z]:[\\/])/.test(text) || /\.(?:gguf|bin|safetensors)$/i.test(text)
}
