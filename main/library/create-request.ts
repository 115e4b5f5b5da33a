import type { ModelWarning } from '../engine/tool-engine.ts'
import { goQuote } from '../go/text.ts'
import { Problem } from '../problem.ts'
import { isDigest } from './models-folder.ts'
import { isShallow } from './read-model.ts'

/** What /api/create asks for (upstream api/types.go, CreateRequest), field names in this project's case. */
export interface CreateRequest {
  readonly model: string
  /** An existing model to build on. */
  readonly from?: string
  /** Uploaded blobs by the relative path the client calls them: `{ 'model.gguf': 'sha256:…' }`. */
  readonly files?: Readonly<Record<string, string>>
  readonly adapters?: Readonly<Record<string, string>>
  readonly draftFiles?: Readonly<Record<string, string>>
  readonly draftQuantize?: string
  readonly template?: string
  readonly system?: string
  readonly license?: string | readonly string[]
  readonly parameters?: Readonly<Record<string, unknown>>
  readonly messages?: readonly { readonly role: string; readonly content: string }[]
  readonly quantize?: string
  readonly renderer?: string
  readonly parser?: string
  readonly requires?: string
  /** Overrides of the config, see `applyInfo`. */
  readonly info?: Readonly<Record<string, unknown>>
  readonly remoteHost?: string
}

/** One line of progress; `digest`, `total` and `completed` (bytes) come with the steps that take long. */
export interface CreateProgress {
  readonly status: string
  /** What `status` warns of. */
  readonly warning?: ModelWarning
  readonly digest?: string
  readonly total?: number
  readonly completed?: number
}

export function badRequest(message: string): Problem {
  return new Problem('invalid-request', 400, message)
}

/** What Hearth is going to do and cannot do yet. */
export function notYet(what: string): Problem {
  return new Problem('invalid-request', 501, `Hearth cannot ${what} yet`)
}

/**
 * Checks what needs no file to be opened.
 * @throws Problem 400
 */
export function checkRequest(request: CreateRequest): void {
  for (const files of [request.files, request.adapters, request.draftFiles]) {
    for (const [path, digest] of Object.entries(files ?? {})) {
      if (!isRelative(path)) throw badRequest('file path must be relative')
      if (!isDigest(digest)) throw badRequest('invalid digest format')
    }
  }
  for (const [name, value] of Object.entries(request.parameters ?? {})) {
    if (!isShallow(value)) throw badRequest(`parameter ${goQuote(name)} is nested too deeply`)
  }
  if (request.draftQuantize && Object.keys(request.draftFiles ?? {}).length === 0) {
    throw badRequest('--draft-quantize requires a DRAFT model')
  }
}

/** Slash-separated, no empty, `.` or `..` part (Go's fs.ValidPath), and nothing Windows takes for another place. */
function isRelative(path: string): boolean {
  if (/[\\\0]|^[A-Za-z]:/.test(path)) return false
  return path.split('/').every(part => part !== '' && part !== '.' && part !== '..')
}
