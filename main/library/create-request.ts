import { Problem } from '../problem.ts'
import { isDigest } from './models-folder.ts'

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
  readonly digest?: string
  readonly total?: number
  readonly completed?: number
}

/** Types upstream quantises to, by every name it takes (server/create.go). */
const QUANTIZE_TYPES: Readonly<Record<string, string>> = {
  F32: 'F32',
  F16: 'F16',
  BF16: 'BF16',
  Q8_0: 'Q8_0',
  Q4_K_S: 'Q4_K_S',
  Q4_K_M: 'Q4_K_M',
  Q4_K: 'Q4_K_M',
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
  if (request.draftQuantize && Object.keys(request.draftFiles ?? {}).length === 0) {
    throw badRequest('--draft-quantize requires a DRAFT model')
  }
}

/** Slash-separated, no empty, `.` or `..` part (Go's fs.ValidPath), and nothing Windows takes for another place. */
function isRelative(path: string): boolean {
  if (/[\\\0]|^[A-Za-z]:/.test(path)) return false
  return path.split('/').every(part => part !== '' && part !== '.' && part !== '..')
}

/**
 * Whether a wish for a type is one Hearth can already fulfil, which is so when there is nothing to do.
 * @param fileType the type the weights have
 * @throws Problem with upstream's words for what can never be, 501 for what will be
 */
export function checkQuantize(quantize: string, fileType: string): void {
  const wanted = QUANTIZE_TYPES[quantize.toUpperCase()]
  if (wanted === undefined) {
    const supported = 'F32, F16, Q4_K_S, Q4_K_M, Q8_0'
    throw new Problem(
      'invalid-request',
      500,
      `unsupported quantization type ${quantize.toUpperCase()} - supported types are ${supported}`,
    )
  }
  if (wanted === fileType) return
  if (!['F16', 'BF16', 'F32'].includes(fileType)) {
    throw new Problem('invalid-request', 500, 'quantization is only supported for F16, BF16 and F32 models')
  }
  throw notYet('quantize models')
}
