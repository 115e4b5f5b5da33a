import { objectOf } from '../../../../go/json/key-order.ts'
import { argumentTypes } from '../../tool-schema.ts'
import { delimitedReader } from '../call-readers.ts'
import type { BodyParser, CallSyntax, FoundCall } from '../format.ts'
import { tryJson } from '../json-scanner.ts'
import { inElement, type Quoting, type QuotingElement, quotedAs } from '../quoted.ts'
import { inJsonString } from '../quoted-strings.ts'
import { looseValue, typedValue } from '../typed-value.ts'
import { argumentsOf, callsFromJson } from './json-call.ts'
import { parameterElements } from './parameter-elements.ts'

const nextCall = ['<tool_call>', '<function=']

const parameters = parameterElements({
  open: '<parameter=([^>\\n]+)>',
  begin: '<parameter=',
  close: '</parameter>',
  function: { begin: '<function=', close: '</function>' },
})

/** @param suffix of the tags' names */
const argumentElement = (suffix: string): QuotingElement => ({
  open: new RegExp(`<arg_value${suffix}>`, 'g'),
  close: `</arg_value${suffix}>`,
  after: nextCall,
})

/** Where markers are quoted in what a `<tool_call>` may hold. */
const inToolCall = (): Quoting =>
  quotedAs(
    [/^\s*(?:<function=[^>\n]+>\s*)?[{[]/, inJsonString()],
    [/<function=/, inElement({ ...parameters.quoting, after: nextCall })],
    [/^/, inElement(argumentElement(''))],
  )

/** The same behind `<function=`. */
const inFunction = (): Quoting =>
  quotedAs(
    [/^[^>\n]+>\s*\{/, inJsonString()],
    [/^/, inElement({ ...parameters.quoting, after: [...nextCall, '</tool_call>', '</seed:tool_call>'] })],
  )

/** `<tool_call>` blocks: the tag is common to many families, what stands in it is not. */
function toolCallTag(parse: BodyParser): CallSyntax {
  return {
    open: ['<tool_call>'],
    markers: ['</tool_call>'],
    reader: (open, context) =>
      delimitedReader(['</tool_call>'], parse, { before: open, context, quoting: inToolCall() }),
  }
}

/** `{"name": "f", "arguments": {"a": 1}}` (Hermes, Qwen 2.5, Qwen 3) */
const jsonBody: BodyParser = body => callsFromJson(tryJson(body.trim()))

const functionTag = /<function=([^>\n]+)>/

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
    const found = jsonArguments(inside) ?? elementArguments(inside, key => argumentTypes(tools, name, key))
    calls.push({ name, arguments: found.arguments })
    rest = inside.slice(found.end)
  }
  return calls.length > 0 ? calls : undefined
}

/** The arguments of one function, and where the text after it begins. */
interface Arguments {
  readonly arguments: Record<string, unknown>
  readonly end: number
}

const functionEnd = '</function>'

function jsonArguments(text: string): Arguments | undefined {
  if (!text.trimStart().startsWith('{')) return undefined
  const quoting = inJsonString()
  let end = text.indexOf(functionEnd)
  while (end >= 0 && quoting.quotes(text, end, end)) end = text.indexOf(functionEnd, end + 1)
  const args = argumentsOf(text.slice(0, end < 0 ? undefined : end).trim())
  return args && { arguments: args, end: end < 0 ? text.length : end + functionEnd.length }
}

function elementArguments(text: string, typesOf: (key: string) => readonly string[]): Arguments {
  const read = parameters.read(text)
  const entries = read.parameters.map(({ tag, text }): [string, unknown] => {
    const key = tag[1]!.trim()
    // One line break after the tag and one before the next belong to the layout.
    return [key, typedValue(text.replace(/^\n/, '').replace(/\n$/, ''), typesOf(key))]
  })
  return { arguments: objectOf(entries), end: read.end }
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
      { before: open, context, quoting: inElement(argumentElement(hunyuan)) },
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
    if (open === '<tool_call>') return toolCallTag(functionBody).reader(open, context)
    const parse: BodyParser = body => functionBody(`${open}${body}${functionEnd}`, context)
    return delimitedReader([functionEnd], parse, { before: open, context, quoting: inFunction() })
  },
}

/** `<function=f>` on its own, or in a tag that Seed gave another name. */
export const functionTags: CallSyntax = {
  ...functionToolCalls,
  open: ['<function='],
  around: ['<seed:tool_call>', '</seed:tool_call>'],
}
