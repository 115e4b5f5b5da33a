import { delimitedReader } from '../call-readers.ts'
import type { CallSyntax } from '../format.ts'
import { LiteralReader, type Notation } from '../literals.ts'

/**
 * Google's function calls: `call:f{city:<|"|>Paris<|"|>,days:3}` between two markers, with a token of its own for
 * quotes.
 */
function gemmaSyntax(open: string, close: string, quote: string): CallSyntax {
  const notation: Notation = {
    quotes: [quote, '"'],
    escapes: false,
    names: { true: true, false: false, null: null, None: null, True: true, False: false },
  }
  return {
    open: [open],
    markers: [close, quote],
    reader: (_, context) =>
      delimitedReader(
        [close],
        body => {
          const reader = new LiteralReader(body, notation)
          if (!reader.take('call:')) return undefined
          const name = reader.name()
          const args = name && reader.take('{') ? reader.members('}') : undefined
          return name && args ? [{ name, arguments: args }] : undefined
        },
        { before: open, context },
      ),
  }
}

export const gemma4Calls = gemmaSyntax('<|tool_call>', '<tool_call|>', '<|"|>')
export const functionGemmaCalls = gemmaSyntax('<start_function_call>', '<end_function_call>', '<escape>')
