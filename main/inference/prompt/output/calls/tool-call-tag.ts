import { objectOf } from '../../../../go/json/key-order.ts'
import type { Tool } from '../../../requests.ts'
import { argumentNames, argumentTypes } from '../../tool-schema.ts'
import { delimitedReader } from '../call-readers.ts'
import type { BodyParser, CallSyntax, FoundCall, ReaderContext } from '../format.ts'
import { GrowingText } from '../growing-text.ts'
import { tryJson } from '../json-scanner.ts'
import { inElement, inValue, type Quoting, type QuotingElement, quotedAs, type ValueState } from '../quoted.ts'
import { inJsonString } from '../quoted-strings.ts'
import { looseValue, typedValue } from '../typed-value.ts'
import { argumentsOf, callsFromJson } from './json-call.ts'
import { parameterReader } from './parameter-elements.ts'

const nextCall = ['<tool_call>', '<function=']

const readParameters = parameterReader({
  open: '<parameter=([^>\\n]+)>',
  begin: '<parameter=',
  close: '</parameter>',
  function: { open: '<function=[^>\\n]+>', begin: '<function=', close: '</function>' },
})

/** @param suffix of the tags' names */
const argumentElement = (suffix: string): QuotingElement => ({
  open: new RegExp(`<arg_value${suffix}>`, 'g'),
  close: `</arg_value${suffix}>`,
  after: nextCall,
})

/** Where markers are quoted in what a `<tool_call>` may hold. */
const inToolCall = (context: ReaderContext): Quoting =>
  quotedAs(
    [/^\s*(?:<function=[^>\n]+>\s*)?[{[]/, inJsonString()],
    [/<function=/, inValue(body => functionsIn(body, context).state, nextCall)],
    [/^/, inElement(argumentElement(''))],
  )

/** The same behind `<function=`. */
const inFunction = (context: ReaderContext): Quoting =>
  quotedAs(
    [/^[^>\n]+>\s*\{/, inJsonString()],
    [
      /^/,
      inValue(
        body => functionsIn(`<function=${body}`, context).state,
        [...nextCall, '</tool_call>', '</seed:tool_call>'],
      ),
    ],
  )

/** `<tool_call>` blocks: the tag is common to many families, what stands in it is not. */
function toolCallTag(parse: BodyParser): CallSyntax {
  return {
    open: ['<tool_call>'],
    markers: ['</tool_call>'],
    reader: (open, context) =>
      delimitedReader(['</tool_call>'], parse, { before: open, context, quoting: inToolCall(context) }),
  }
}

/** `{"name": "f", "arguments": {"a": 1}}` (Hermes, Qwen 2.5, Qwen 3) */
const jsonBody: BodyParser = body => callsFromJson(tryJson(body.trim()))

const functionTag = /<function=([^>\n]+)>/

/**
 * `<function=f><parameter=a>1</parameter></function>` (Qwen 3 Coder, Nemotron 3), or JSON between the function tags
 * (Llama 3.1). Values are text; the tool's schema says what they mean.
 */
const functionBody: BodyParser = (body, context) => {
  const { calls } = functionsIn(body, context)
  return calls.length > 0 ? calls : undefined
}

/** The functions in a body, and where it ends. */
function functionsIn(body: string, { tools }: ReaderContext): { calls: FoundCall[]; state: ValueState } {
  const calls: FoundCall[] = []
  let state: ValueState = 'outside'
  let rest = body
  for (let match = functionTag.exec(rest); match; match = functionTag.exec(rest)) {
    const name = match[1]!.trim()
    const inside = rest.slice(match.index + match[0].length)
    const found = jsonArguments(inside) ?? elementArguments(inside, name, tools)
    calls.push({ name, arguments: found.arguments })
    if (state !== 'in quoted call') state = found.state
    rest = inside.slice(found.end)
  }
  return { calls, state }
}

/** The arguments of one function, and where the text after it begins. */
interface Arguments {
  readonly arguments: Record<string, unknown>
  readonly end: number
  readonly state: ValueState
}

const functionEnd = '</function>'

function jsonArguments(text: string): Arguments | undefined {
  if (!text.trimStart().startsWith('{')) return undefined
  const quoting = inJsonString()
  let end = text.indexOf(functionEnd)
  const body = new GrowingText(text)
  while (end >= 0 && quoting.quotes(body, end, end)) end = text.indexOf(functionEnd, end + 1)
  const args = argumentsOf(text.slice(0, end < 0 ? undefined : end).trim())
  return args && { arguments: args, end: end < 0 ? text.length : end + functionEnd.length, state: 'outside' }
}

function elementArguments(text: string, name: string, tools: readonly Tool[]): Arguments {
  const { parameters, end, state } = readParameters(text, argumentNames(tools, name))
  const entries = parameters.map(({ tag, text }): [string, unknown] => {
    const key = tag[1]!.trim()
    // One line break after the tag and one before the next belong to the layout.
    return [key, typedValue(text.replace(/^\n/, '').replace(/\n$/, ''), argumentTypes(tools, name, key))]
  })
  return { arguments: objectOf(entries), end, state }
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
    return delimitedReader([functionEnd], parse, { before: open, context, quoting: inFunction(context) })
  },
}

/** `<function=f>` on its own, or in a tag that Seed gave another name. */
export const functionTags: CallSyntax = {
  ...functionToolCalls,
  open: ['<function='],
  around: ['<seed:tool_call>', '</seed:tool_call>'],
}
