import { inWrittenOrder } from '../../../../go/json/key-order.ts'
import { delimitedReader } from '../call-readers.ts'
import type { CallSyntax, FoundCall } from '../format.ts'
import { inPythonString } from '../quoted-strings.ts'
import { pythonCalls } from './python-calls.ts'

function written({ name, arguments: args }: FoundCall): string {
  const members = Object.entries(inWrittenOrder(args)).map(([key, value]) => `${key}=${JSON.stringify(value)}`)
  return `${name}(${members.join(', ')})`
}

/** Python calls between two markers. */
export function pythonBetween(open: string, close: string): CallSyntax {
  return {
    open: [open],
    markers: [close],
    write: calls => `${open}[${calls.map(written).join(', ')}]${close}`,
    reader: (_, context) => delimitedReader([close], pythonCalls, { before: open, context, quoting: inPythonString() }),
  }
}
