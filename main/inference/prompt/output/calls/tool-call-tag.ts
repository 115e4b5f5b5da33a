import { objectOf } from '../../../../go/json/key-order.ts'
import { argumentTypes } from '../../tool-schema.ts'
import { delimitedReader } from '../call-readers.ts'
import type { BodyParser, CallSyntax, FoundCall } from '../format.ts'
import { tryJson } from '../json-scanner.ts'
import { looseValue, typedValue } from '../typed-value.ts'
import { argumentsOf, callsFromJson } from './json-call.ts'

/** `<tool_call>` blocks: the tag is common to many families, what stands in it is not. */
function toolCallTag(parse: BodyParser): CallSyntax {
  return {
    open: ['<tool_call>'],
    markers: ['</tool_call>'],
    reader: (open, context) => delimitedReader(['</tool_call>'], parse, { before: open, context }),
  }
}

/** `{"name": "f", "arguments": {"a": 1}}` (Hermes, Qwen 2.5, Qwen 3) */
const jsonBody: BodyParser = body => callsFromJson(tryJson(body.trim()))

const functionTag = /<function=([^>\n]+)>/
const parameterTag = /<parameter=([^>\n]+)>/

/**
 * `<function=f><parameter=a>1</parameter></function>` (Qwen 3 Coder, Nemotron 3), or JSON between the function tags
 * (Llama 3.1). Values are text; the tool's schema says what they mean.
 */
const functionBody: BodyParser = (body, { tools }) => {
  const calls: FoundCall[] = []
  let rest = body
  for (let match = functionTag.exec(rest); match; match = functionTag.exec(rest)) {
    const name = match[1]!.trim()
    const inside = rest.slice(match.index + match[0].length)
    const end = inside.indexOf('</function>')
    const written = end < 0 ? inside : inside.slice(0, end)
    const json = written.trim().startsWith('{') ? argumentsOf(written.trim()) : undefined
    calls.push({
      name,
      arguments: json ?? parameters(written, (key, text) => typedValue(text, argumentTypes(tools, name, key))),
    })
    rest = end < 0 ? '' : inside.slice(end + '</function>'.length)
  }
  return calls.length > 0 ? calls : undefined
}

/** The parameters of one function; each ends at its closing tag, or where the next begins when that is missing. */
function parameters(text: string, read: (key: string, text: string) => unknown): Record<string, unknown> {
  const entries: [string, unknown][] = []
  let rest = text
  for (let match = parameterTag.exec(rest); match; match = parameterTag.exec(rest)) {
    const key = match[1]!.trim()
    const inside = rest.slice(match.index + match[0].length)
    const close = inside.indexOf('</parameter>')
    const next = parameterTag.exec(inside)?.index ?? inside.length
    const end = close >= 0 ? close : next
    // One line break after the tag and one before the next belong to the layout.
    entries.push([key, read(key, inside.slice(0, end).replace(/^\n/, '').replace(/\n$/, ''))])
    rest = inside.slice(close >= 0 ? close + '</parameter>'.length : next)
  }
  return objectOf(entries)
}

const argumentTag = /<arg_key>([\s\S]*?)<\/arg_key>\s*<arg_value>([\s\S]*?)(?:<\/arg_value>|$)/g

/** `f<arg_key>a</arg_key><arg_value>1</arg_value>` (GLM 4.5 and later, Laguna) */
const argumentBody: BodyParser = (body, { tools }) => {
  const end = body.indexOf('<arg_key>')
  const name = (end < 0 ? body : body.slice(0, end)).trim()
  if (!/^[^\s<>{}"]+$/.test(name)) return undefined
  const entries = [...body.matchAll(argumentTag)].map(([, written, text]): [string, unknown] => {
    const key = written!.trim()
    return [key, looseValue(text!, argumentTypes(tools, name, key))]
  })
  return [{ name, arguments: objectOf(entries) }]
}

/** Whatever of the three stands in the tag, for templates that name no parser. */
const anyBody: BodyParser = (body, context) =>
  jsonBody(body, context) ?? functionBody(body, context) ?? argumentBody(body, context)

const hunyuan = ':opensource'

/** The same with `:opensource` in every tag and a separator behind the name (Hunyuan 3). */
export const hunyuanCalls: CallSyntax = {
  open: [`<tool_call${hunyuan}>`],
  markers: [
    `</tool_call${hunyuan}>`,
    `<tool_sep${hunyuan}>`,
    ...['arg_key', 'arg_value'].flatMap(tag => [`<${tag}${hunyuan}>`, `</${tag}${hunyuan}>`]),
  ],
  around: [`<tool_calls${hunyuan}>`, `</tool_calls${hunyuan}>`],
  reader: (open, context) =>
    delimitedReader(
      [`</tool_call${hunyuan}>`],
      (body, context) => argumentBody(body.replaceAll(`${hunyuan}>`, '>').replace('<tool_sep>', ''), context),
      { before: open, context },
    ),
}

export const jsonToolCalls = toolCallTag(jsonBody)
export const argumentToolCalls = toolCallTag(argumentBody)
export const anyToolCalls = toolCallTag(anyBody)

/** `<function=…>` with or without the tag around it, which Qwen 3 Coder forgets at times. */
export const functionToolCalls: CallSyntax = {
  open: ['<tool_call>', '<function='],
  around: ['</tool_call>'],
  reader(open, context) {
    if (open === '<tool_call>') return delimitedReader(['</tool_call>'], functionBody, { before: open, context })
    const parse: BodyParser = body => functionBody(`${open}${body}</function>`, context)
    return delimitedReader(['</function>'], parse, { before: open, context })
  },
}

/** `<function=f>` on its own, or in a tag that Seed gave another name. */
export const functionTags: CallSyntax = {
  ...functionToolCalls,
  open: ['<function='],
  around: ['<seed:tool_call>', '</seed:tool_call>'],
}
