import { delimitedReader } from '../call-readers.ts'
import type { CallSyntax } from '../format.ts'
import { inPythonString } from '../quoted-strings.ts'
import { pythonCalls } from './python-calls.ts'

/** Python calls between two markers. */
export function pythonBetween(open: string, close: string): CallSyntax {
  return {
    open: [open],
    markers: [close],
    reader: (_, context) => delimitedReader([close], pythonCalls, { before: open, context, quoting: inPythonString() }),
  }
}
