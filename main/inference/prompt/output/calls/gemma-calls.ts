import { delimitedReader } from '../call-readers.ts'
import type { CallSyntax } from '../format.ts'
import { LiteralReader, type Notation } from '../literals.ts'
import { inString } from '../quoted-strings.ts'

/**
 * Google's function calls: `call:f{city:<|"|>Paris<|"|>,days:3}` between two markers, with a token of its own for
 * quotes.
 */
function gemmaSyntax(open: string, close: string, quote: string): CallSyntax {
  const notation: Notation = {
    quotes: [quote, '"'],
    escapes: false,
    // Some tools have keys with a dollar sign, with brackets or with spaces.
    anyKeys: true,
    names: { true: true, false: false, null: null, None: null, True: true, False: false },
  }
  return {
    open: [open],
    markers: [close, quote],
    reader: (_, context) =>
      delimitedReader(
        [close],
        body => {
          // Any name: some begin with a digit, others hold a colon or a slash.
          const [head, name] = /^\s*call:\s*([^\s{][^{]*)\{/.exec(body) ?? []
          if (head === undefined) return undefined
          const args = new LiteralReader(body.slice(head.length), notation).members('}')
          return args && [{ name: name!.trimEnd(), arguments: args }]
        },
        { before: open, context, quoting: inString(notation) },
      ),
  }
}

export const gemma4Calls = gemmaSyntax('<|tool_call>', '<tool_call|>', '<|"|>')
export const functionGemmaCalls = gemmaSyntax('<start_function_call>', '<end_function_call>', '<escape>')
