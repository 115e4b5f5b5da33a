import { atemCalls } from './calls/invoke-calls.ts'
import { headerFormat } from './header-reader.ts'

const ends = ['<|start|>', '<|eom|>', '<|eot|>']

/**
 * Muse Glimmer: a header names a recipient, the model itself for its thinking, the user for the answer, or a function:
 * ` to=f<|message|><atem:function_calls>…</atem:function_calls><|eom|>`.
 */
export const glimmer = headerFormat(
  {
    start: '<|start|>',
    message: '<|message|>',
    ends: () => ends,
    kind(header) {
      const recipient = /\bto=([^\s<]+)/.exec(header)?.[1] ?? 'user'
      if (recipient === 'user') return { type: 'content' }
      return recipient === 'self' ? { type: 'thinking' } : { type: 'call', recipient }
    },
    calls: (_, text, context) => atemCalls(text, context) ?? [],
  },
  {
    thinking: { open: 'to=self<|message|>', close: ['<|eom|>'] },
    answerOpen: '<|start|>assistant to=user<|message|>',
    markers: [...ends, '<|message|>'],
    stop: ['<|eot|>'],
  },
)
