import { Problem } from '../../../problem.ts'
import { headerFormat } from './header-reader.ts'
import { isObject, tryJson } from './json-scanner.ts'

const ends = ['<|start|>', '<|end|>', '<|call|>', '<|return|>']

/**
 * Harmony, the format of gpt-oss (upstream harmony/harmonyparser.go): a header names a channel and, for a call, a
 * recipient: `<|channel|>commentary to=functions.f <|constrain|>json<|message|>{…}<|call|>`.
 */
export const harmony = headerFormat(
  {
    start: '<|start|>',
    message: '<|message|>',
    ends: () => ends,
    kind(header) {
      const channel = /<\|channel\|>\s*([A-Za-z]+)/.exec(header)?.[1]
      const recipient = /\bto=([^\s<]+)/.exec(header)?.[1]
      if (recipient && !['user', 'assistant'].includes(recipient)) return { type: 'call', recipient }
      return { type: channel === 'analysis' ? 'thinking' : 'content' }
    },
    calls({ recipient }, text) {
      const args = text.trim() === '' ? {} : tryJson(text)
      if (!isObject(args)) {
        throw new Problem('internal', 500, `error parsing tool call: raw='${text}', err=${jsonFault(text)}`)
      }
      return [{ name: recipient.replace(/^functions\./, ''), arguments: args }]
    },
  },
  {
    thinking: { open: '<|channel|>analysis<|message|>', close: ['<|end|>'] },
    answerOpen: '<|start|>assistant<|channel|>final<|message|>',
    markers: [...ends, '<|message|>', '<|channel|>', '<|constrain|>'],
    stop: ['<|call|>', '<|return|>'],
  },
)

function jsonFault(text: string): string {
  try {
    JSON.parse(text)
    return 'json: cannot unmarshal into Go value of type map[string]interface {}'
  } catch {
    return 'unexpected end of JSON input'
  }
}
