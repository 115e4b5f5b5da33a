import { objectOf } from '../../../../go/json/key-order.ts'
import { delimitedReader } from '../call-readers.ts'
import type { CallSyntax, FoundCall } from '../format.ts'
import { inElement, type QuotingElement } from '../quoted.ts'
import { looseValue } from '../typed-value.ts'

const end = '<|close|>call<|sep|>'

const argument =
  /<\|open\|>argument key="([^"]*)"(?: type="([^"]*)")?<\|sep\|>([\s\S]*?)(?:<\|close\|>argument<\|sep\|>(?=\s*(?:<\|open\|>argument |$))|$)/g

const argumentElement: QuotingElement = {
  open: /<\|open\|>argument [^<]*<\|sep\|>/g,
  close: '<|close|>argument<|sep|>',
  next: /^\s*(?:<\|open\|>argument |$)/,
  after: ['<|open|>call ', '<|close|>tools<|sep|>'],
}

/**
 * Kimi K3, whose tags are made of tokens: `<|open|>call tool="f" index="1"<|sep|>`, for each argument
 * `<|open|>argument key="a" type="number"<|sep|>1<|close|>argument<|sep|>`, then `<|close|>call<|sep|>`.
 */
export const xtmlCalls: CallSyntax = {
  open: ['<|open|>call '],
  markers: [end],
  around: ['<|open|>tools<|sep|>', '<|close|>tools<|sep|>'],
  reader: (open, context) =>
    delimitedReader(
      [end],
      body => {
        const name = /^[^<]*?\btool="([^"]+)"/.exec(body)?.[1]
        if (name === undefined) return undefined
        const args = [...body.matchAll(argument)].map(([, key, type, text]): [string, unknown] => [
          key!,
          type === 'string' ? text! : looseValue(text!, []),
        ])
        return [{ name, arguments: objectOf(args) } satisfies FoundCall]
      },
      { before: open, context, quoting: inElement(argumentElement) },
    ),
}
