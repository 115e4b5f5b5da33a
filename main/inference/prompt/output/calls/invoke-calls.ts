import { objectOf } from '../../../../go/json/key-order.ts'
import { argumentNames, argumentTypes } from '../../tool-schema.ts'
import { delimitedReader } from '../call-readers.ts'
import type { BodyParser, CallSyntax, FoundCall, ReaderContext } from '../format.ts'
import { inElement, inValue, type QuotingElement, quotedByAny, type ValueState } from '../quoted.ts'
import { looseValue } from '../typed-value.ts'
import { parameterReader } from './parameter-elements.ts'

/** Reads `<invoke name="f"><parameter name="a">1</parameter></invoke>`, with a prefix to the tags. */
function invokeReader(prefix: string) {
  const opening = new RegExp(`<${prefix}invoke name="([^"]+)">`)
  const readParameters = parameterReader({
    open: `<${prefix}parameter name="([^"]+)"(?: string="(true|false)")?>`,
    begin: `<${prefix}parameter `,
    close: `</${prefix}parameter>`,
    function: { open: opening.source, begin: `<${prefix}invoke `, close: `</${prefix}invoke>` },
  })
  return (body: string, { tools }: ReaderContext): { calls: FoundCall[]; state: ValueState } => {
    const calls: FoundCall[] = []
    let state: ValueState = 'outside'
    let rest = body
    for (let match = opening.exec(rest); match; match = opening.exec(rest)) {
      const name = match[1]!
      const inside = rest.slice(match.index + match[0].length)
      const read = readParameters(inside, argumentNames(tools, name))
      const entries = read.parameters.map(({ tag: [, key, isString], text }): [string, unknown] => [
        key!,
        isString === 'true' ? text : looseValue(text, isString ? [] : argumentTypes(tools, name, key!)),
      ])
      calls.push({ name, arguments: objectOf(entries) })
      if (state !== 'in quoted call') state = read.state
      rest = inside.slice(read.end)
    }
    return { calls, state }
  }
}

const cdata = /<!\[CDATA\[([\s\S]*?)(?:\]\]>|$)/g
const cdataStart = '<![CDATA['
const cdataElement: QuotingElement = { open: /<!\[CDATA\[/g, close: ']]>' }
const paramElement: QuotingElement = {
  open: /<param name="[^"]+">/g,
  close: '</param>',
  next: /^\s*(?:<param name="|$)/,
  after: ['<function name="'],
}

const parameter =
  /<param name="([^"]+)">((?:<!\[CDATA\[[\s\S]*?(?:\]\]>|$)|[^<]|<(?!\/param>|!\[CDATA\[))*)(?:<\/param>|$)/g

/** `<function name="f"><param name="a">1</param></function>` (MiniCPM 5), CDATA around text with markup of its own. */
export const namedFunctionCalls: CallSyntax = {
  open: ['<function name="'],
  markers: ['</function>', '<param name="', '</param>'],
  reader: (open, context) =>
    delimitedReader(
      ['</function>'],
      (body, { tools }) => {
        const [tag, name] = /^([^"<>]+)">/.exec(body) ?? []
        if (tag === undefined) return undefined
        const entries = [...body.slice(tag.length).matchAll(parameter)].map(([, key, text]): [string, unknown] => [
          key!,
          text!.includes(cdataStart)
            ? text!.replace(cdata, '$1')
            : looseValue(text!, argumentTypes(tools, name!, key!)),
        ])
        return [{ name: name!, arguments: objectOf(entries) }]
      },
      { before: open, context, quoting: quotedByAny(inElement(cdataElement), inElement(paramElement)) },
    ),
}

const readAtemInvokes = invokeReader('atem:')

/** The calls of Muse Glimmer. */
export const atemCalls: BodyParser = (body, context) => callsOrNothing(readAtemInvokes(body, context).calls)

/** Calls of this kind inside a block (MiniMax M2, DeepSeek V3.2 and V4). */
export function invokeCalls(block: string, prefix = ''): CallSyntax {
  const read = invokeReader(prefix)
  return {
    open: [`<${block}>`],
    markers: [`</${block}>`],
    reader: (open, context) =>
      delimitedReader([`</${block}>`], body => callsOrNothing(read(body, context).calls), {
        before: open,
        context,
        quoting: inValue(body => read(body, context).state, [open]),
      }),
  }
}

function callsOrNothing(calls: FoundCall[]): FoundCall[] | undefined {
  return calls.length > 0 ? calls : undefined
}
