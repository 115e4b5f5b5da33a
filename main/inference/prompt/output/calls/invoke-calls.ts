import { objectOf } from '../../../../go/json/key-order.ts'
import { argumentTypes } from '../../tool-schema.ts'
import { delimitedReader } from '../call-readers.ts'
import type { BodyParser, CallSyntax, FoundCall } from '../format.ts'
import { looseValue } from '../typed-value.ts'

/** `<invoke name="f"><parameter name="a">1</parameter></invoke>`, with a prefix to the tags. */
function invokeBody(prefix: string): BodyParser {
  const invoke = new RegExp(`<${prefix}invoke name="([^"]+)">([\\s\\S]*?)(?:</${prefix}invoke>|$)`, 'g')
  const parameter = new RegExp(
    `<${prefix}parameter name="([^"]+)"(?: string="(true|false)")?>([\\s\\S]*?)(?:</${prefix}parameter>|$)`,
    'g',
  )
  return (body, { tools }) => {
    const calls = [...body.matchAll(invoke)].map(([, name, inside]): FoundCall => {
      const entries = [...inside!.matchAll(parameter)].map(([, key, isString, text]): [string, unknown] => [
        key!,
        isString === 'true' ? text : looseValue(text!, isString ? [] : argumentTypes(tools, name!, key!)),
      ])
      return { name: name!, arguments: objectOf(entries) }
    })
    return calls.length > 0 ? calls : undefined
  }
}

const cdata = /<!\[CDATA\[([\s\S]*?)(?:\]\]>|$)/g
const cdataStart = '<![CDATA['

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
      { before: open, context, isOpen: body => body.lastIndexOf(cdataStart) > body.lastIndexOf(']]>') },
    ),
}

/** The calls of Muse Glimmer. */
export const atemCalls = invokeBody('atem:')

/** Calls of this kind inside a block (MiniMax M2, DeepSeek V3.2 and V4). */
export function invokeCalls(block: string, prefix = ''): CallSyntax {
  const parse = invokeBody(prefix)
  return {
    open: [`<${block}>`],
    markers: [`</${block}>`],
    reader: (open, context) => delimitedReader([`</${block}>`], parse, { before: open, context }),
  }
}
