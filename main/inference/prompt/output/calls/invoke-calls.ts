import { argumentTypes } from '../../tool-schema.ts'
import { delimitedReader } from '../call-readers.ts'
import type { BodyParser, CallSyntax, FoundCall } from '../format.ts'
import { looseValue } from '../typed-value.ts'

/** `<invoke name="f"><parameter name="a">1</parameter></invoke>` inside a block (MiniMax M2, Muse Glimmer). */
export function invokeCalls(block: string, prefix = ''): CallSyntax {
  const invoke = new RegExp(`<${prefix}invoke name="([^"]+)">([\\s\\S]*?)(?:</${prefix}invoke>|$)`, 'g')
  const parameter = new RegExp(`<${prefix}parameter name="([^"]+)">([\\s\\S]*?)(?:</${prefix}parameter>|$)`, 'g')
  const parse: BodyParser = (body, { tools }) => {
    const calls = [...body.matchAll(invoke)].map(([, name, inside]): FoundCall => {
      const entries = [...inside!.matchAll(parameter)].map(([, key, text]): [string, unknown] => [
        key!,
        looseValue(text!, argumentTypes(tools, name!, key!)),
      ])
      return { name: name!, arguments: Object.fromEntries(entries) }
    })
    return calls.length > 0 ? calls : undefined
  }
  return {
    open: [`<${block}>`],
    markers: [`</${block}>`],
    reader: (open, context) => delimitedReader([`</${block}>`], parse, { before: open, context }),
  }
}
