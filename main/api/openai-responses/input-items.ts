import { decodeGoJson, type GoType, pointer, raw, slice, string, struct } from '../../go/json/types.ts'
import { goQuote } from '../../go/text.ts'
import { Problem } from '../../problem.ts'

/** A part of what an item says. */
export type InputContent =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'image'; readonly url: string }
  | { readonly type: 'file' }

/** One step of a conversation so far. */
export type InputItem =
  | { readonly type: 'message'; readonly role: string; readonly content: readonly InputContent[] }
  | { readonly type: 'function-call'; readonly callId: string; readonly name: string; readonly arguments: string }
  | { readonly type: 'function-output'; readonly callId: string; readonly output: readonly InputContent[] }
  | { readonly type: 'reasoning'; readonly text: string }
  /** What follows it tells what the search found. */
  | { readonly type: 'web-search' }

/**
 * `input`: a text, which a person says, or items. Each item is read by its own type, and an error names its index
 * (upstream openai/responses.go, ResponsesInput).
 */
export const responsesInput: GoType<string | readonly InputItem[]> = {
  goName: 'openai.ResponsesInput',
  zero: () => '',
  read: from =>
    from.nested(() => {
      if (from.kind() === 'string' || from.kind() === 'null') return string.read(from, '')
      const texts = rawList('input', from.text())
      return texts.map((text, index) => within(`input[${index}]`, () => readItem(text)))
    }),
}

const itemKind = struct(
  '',
  { type: string, role: string },
  String.raw`struct { Type string "json:\"type\""; Role string "json:\"role\"" }`,
)
const message = struct('', { role: string, content: raw })
const functionCall = struct('ResponsesFunctionCall', { id: string, call_id: string, name: string, arguments: string })
const functionOutput = struct('', { call_id: string, output: raw })
const summary = struct('ResponsesReasoningSummary', { type: string, text: string }, 'openai.ResponsesReasoningSummary')
const reasoning = struct('ResponsesReasoningInput', { summary: slice(summary), encrypted_content: string })
const action = struct('ResponsesWebSearchAction', { query: string }, 'openai.ResponsesWebSearchAction')
const webSearch = struct('ResponsesWebSearchCall', { id: string, status: string, action: pointer(action) })

function readItem(text: string): InputItem {
  const { type, role } = decode(itemKind, text)
  const kind = type || (role && 'message')
  switch (kind) {
    case 'message': {
      const read = decode(message, text)
      return { type: 'message', role: read.role, content: readContent('content', read.content) }
    }
    case 'function_call': {
      const { call_id, name, arguments: args } = decode(functionCall, text)
      return { type: 'function-call', callId: call_id, name, arguments: args }
    }
    case 'function_call_output': {
      const read = decode(functionOutput, text)
      return { type: 'function-output', callId: read.call_id, output: readContent('output', read.output) }
    }
    case 'reasoning':
      return { type: 'reasoning', text: decode(reasoning, text).encrypted_content }
    case 'web_search_call':
      decode(webSearch, text)
      return { type: 'web-search' }
    case '':
      throw invalid("input item missing required 'type' field")
    default:
      throw invalid(`unknown input item type: ${goQuote(kind)}`)
  }
}

/** What stands in `content` or `output`: a text, parts, or nothing. */
function readContent(field: 'content' | 'output', text: string | undefined): InputContent[] {
  if (text === undefined) return []
  if (text.startsWith('"') || text === 'null') return [{ type: 'text', text: decode(string, text) }]
  return rawList(field, text).map((part, index) => within(`${field}[${index}]`, () => readPart(part)))
}

const partKind = struct('', { type: string }, String.raw`struct { Type string "json:\"type\"" }`)
const inputText = struct('ResponsesTextContent', { text: string })
const outputText = struct('ResponsesOutputTextContent', { text: string })
const inputImage = struct('ResponsesImageContent', { detail: string, file_id: string, image_url: string })

function readPart(text: string): InputContent {
  const { type } = decode(partKind, text)
  switch (type) {
    case 'input_text':
      return { type: 'text', text: decode(inputText, text).text }
    case 'output_text':
      return { type: 'text', text: decode(outputText, text).text }
    case 'input_image':
      return { type: 'image', url: decode(inputImage, text).image_url }
    case 'input_file':
      return { type: 'file' }
    default:
      throw invalid(`unknown content type: ${type}`)
  }
}

const list = slice({ ...raw, zero: () => '', read: from => from.text() } as GoType<string>, '[]json.RawMessage')

/** The texts of a list's elements. */
function rawList(field: string, text: string): string[] {
  try {
    return decode(list, text) ?? []
  } catch (error) {
    throw error instanceof Problem ? invalid(`${field} must be a string or array: ${error.message}`) : error
  }
}

/** A value cut out of a text whose syntax is checked already. */
const decode = <T>(type: GoType<T>, text: string): T => decodeGoJson(type, Buffer.from(text))!

function within<T>(place: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw error instanceof Problem ? invalid(`${place}: ${error.message}`) : error
  }
}

const invalid = (message: string): Problem => new Problem('invalid-request', 400, message)
