import { inWrittenOrder } from '../../../../go/json/key-order.ts'
import { delimitedReader, jsonReader } from '../call-readers.ts'
import type { BodyParser, CallReader, CallSyntax, FoundCall } from '../format.ts'
import { isObject, tryJson } from '../json-scanner.ts'
import { inJsonString } from '../quoted-strings.ts'
import { argumentsOf } from './json-call.ts'

/** JSON calls, one, several or a list, between two markers. */
export function jsonBetween(open: string, close: string): CallSyntax {
  return {
    open: [open],
    markers: [close],
    reader: (_, context) => delimitedReader([close], jsonBody, { before: open, context, quoting: inJsonString() }),
  }
}

/** All of the text must be calls; white space, commas and semicolons may stand between them. */
const jsonBody: BodyParser = body => {
  const reader = jsonReader('')
  const read = reader.push(body)
  const rest = reader.end()
  const calls = [...read.calls, ...rest.calls]
  return calls.length > 0 && !read.text && !rest.text && !(read.rest ?? rest.rest ?? '').trim() ? calls : undefined
}

/** JSON calls behind a marker that nothing closes. */
export function jsonAfter(open: string): CallSyntax {
  return {
    open: [open],
    write: calls =>
      open + JSON.stringify(calls.map(({ name, arguments: args }) => ({ name, arguments: inWrittenOrder(args) }))),
    reader: () => jsonReader(open),
  }
}

/** `<|tools_prefix|>[{"f": {"a": 1}}]<|tools_suffix|>` (Apertus): the name is the key. */
export const apertusCalls: CallSyntax = {
  open: ['<|tools_prefix|>'],
  markers: ['<|tools_suffix|>'],
  reader: (open, context) =>
    delimitedReader(['<|tools_suffix|>'], body => keyedCalls(tryJson(body.trim())), {
      before: open,
      context,
      quoting: inJsonString(),
    }),
}

function keyedCalls(value: unknown): FoundCall[] | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined
  const calls = value.flatMap(item => (isObject(item) ? Object.entries(item) : []))
  const found = calls.map(([name, args]) => ({ name, arguments: argumentsOf(args) }))
  return found.every(call => call.arguments !== undefined) ? (found as FoundCall[]) : undefined
}

/**
 * `{"name": "f", "parameters": {…}}` as the whole answer (Llama 3.1 and 3.2). JSON whose first key or whose name says
 * that it is no call is let go at once, so that an answer in JSON still streams.
 */
export const bareJsonCalls: CallSyntax = {
  open: [],
  openFirst: ['{'],
  reader(open, { tools }): CallReader {
    const names = new Set(tools.map(tool => tool.function.name))
    const reader = jsonReader('', { isCall: call => names.has(call.name), lead: open })
    let text = open
    let decided = false
    return {
      push(added) {
        if (decided) return reader.push(added)
        text += added
        const verdict = beginsCall(text, names)
        if (verdict === false) return { calls: [], text: open, rest: text.slice(open.length) }
        decided = verdict === true
        return reader.push(added)
      },
      end: () => reader.end(),
    }
  },
}

const callKeys = ['name', 'type', 'function', 'parameters', 'arguments']

/** Whether JSON begins like a call of one of the tools; undefined while that is open. */
function beginsCall(text: string, names: ReadonlySet<string>): boolean | undefined {
  const key = /^\{\s*(?:"([^"]*)("?))?/.exec(text)!
  if (key[1] === undefined) return /^\{\s*$/.test(text) ? undefined : false
  if (!key[2]) return callKeys.some(candidate => candidate.startsWith(key[1]!)) ? undefined : false
  if (!callKeys.includes(key[1])) return false
  if (key[1] !== 'name') return true
  const name = /^\{\s*"name"\s*(?::\s*(?:"([^"\\]*)("?))?)?/.exec(text)!
  if (name[1] === undefined) return name[0].length === text.length ? undefined : false
  if (!name[2]) return [...names].some(candidate => candidate.startsWith(name[1]!)) ? undefined : false
  return names.has(name[1])
}
