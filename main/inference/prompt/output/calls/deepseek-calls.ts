import { delimitedReader } from '../call-readers.ts'
import type { BodyParser, CallSyntax } from '../format.ts'
import { inJsonString } from '../quoted-strings.ts'
import { argumentsOf } from './json-call.ts'

const separator = '<｜tool▁sep｜>'

/**
 * DeepSeek: `<｜tool▁call▁begin｜>f<｜tool▁sep｜>{…}<｜tool▁call▁end｜>` (V3.1), or with the type in front and the
 * arguments in a code block, `function<｜tool▁sep｜>f\n```json\n{…}\n```` (V3, R1, Cogito).
 */
const deepseekBody: BodyParser = body => {
  const [left = '', right] = body.split(separator)
  if (right === undefined) return undefined
  const brace = right.indexOf('{')
  const lead = (brace < 0 ? right : right.slice(0, brace)).replace(/```(?:json)?/, '').trim()
  const name = lead || left.trim()
  const written = brace < 0 ? '' : right.slice(brace).replace(/\s*```\s*$/, '')
  const args = argumentsOf(written.trim())
  return name && args ? [{ name, arguments: args }] : undefined
}

export const deepseekCalls: CallSyntax = {
  open: ['<｜tool▁call▁begin｜>'],
  markers: ['<｜tool▁call▁end｜>', separator],
  around: ['<｜tool▁calls▁begin｜>', '<｜tool▁calls▁end｜>', '<｜tool▁outputs▁begin｜>', '<｜tool▁outputs▁end｜>'],
  reader: (open, context) =>
    delimitedReader(['<｜tool▁call▁end｜>'], deepseekBody, {
      before: open,
      context,
      reopens: true,
      quoting: inJsonString(),
    }),
}

const kimiArguments = '<|tool_call_argument_begin|>'

/** Kimi K2: `<|tool_call_begin|>functions.f:0<|tool_call_argument_begin|>{…}<|tool_call_end|>` */
export const kimiCalls: CallSyntax = {
  open: ['<|tool_call_begin|>'],
  markers: ['<|tool_call_end|>', kimiArguments],
  around: ['<|tool_calls_section_begin|>', '<|tool_calls_section_end|>'],
  reader: (open, context) =>
    delimitedReader(
      ['<|tool_call_end|>'],
      body => {
        const [id = '', written] = body.split(kimiArguments)
        const name = id
          .trim()
          .replace(/^functions\./, '')
          .replace(/:\d+$/, '')
        const args = written === undefined ? undefined : argumentsOf(written.trim())
        return name && args ? [{ name, arguments: args }] : undefined
      },
      { before: open, context, reopens: true, quoting: inJsonString() },
    ),
}

/** Solar Open: `<|tool_call:begin|>ID<|tool_call:name|>f<|tool_call:args|>{…}<|tool_call:end|>` */
export const solarCalls: CallSyntax = {
  open: ['<|tool_call:begin|>'],
  markers: ['<|tool_call:end|>', '<|tool_call:name|>', '<|tool_call:args|>'],
  around: ['<|tool_calls|>', '<|calls|>'],
  reader: (open, context) =>
    delimitedReader(
      ['<|tool_call:end|>'],
      body => {
        const [, name, written] = /<\|tool_call:name\|>([\s\S]*?)<\|tool_call:args\|>([\s\S]*)$/.exec(body) ?? []
        const args = argumentsOf(written?.trim())
        return name?.trim() && args ? [{ name: name.trim(), arguments: args }] : undefined
      },
      { before: open, context, reopens: true, quoting: inJsonString() },
    ),
}
