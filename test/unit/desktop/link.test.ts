import { describe, expect, it } from 'vitest'
import { parseLink } from '../../../main/desktop/link.ts'
import { fc } from '../../properties.ts'

describe('a link that is understood', () => {
  it.each([
    ['hearth://', { kind: 'window' }],
    ['hearth:///', { kind: 'window' }],
    ['hearth://pull/qwen3', { kind: 'model', model: 'qwen3' }],
    ['hearth://pull/qwen3:4b/', { kind: 'model', model: 'qwen3:4b' }],
    ['HEARTH://pull/qwen3%3A4b', { kind: 'model', model: 'qwen3:4b' }],
    ['hearth://pull/hf.co/someone/Some-GGUF:Q4_K_M', { kind: 'model', model: 'hf.co/someone/Some-GGUF:Q4_K_M' }],
    ['hearth://chat', { kind: 'chat', model: '', prompt: '' }],
    ['hearth://chat/?model=gemma3', { kind: 'chat', model: 'gemma3', prompt: '' }],
    ['hearth://chat?prompt=Why+is%20it%0D%0Ablue%3F', { kind: 'chat', model: '', prompt: 'Why is it\nblue?' }],
    [
      `hearth://chat?prompt=${encodeURIComponent('天为什么是蓝的？👩‍🚀')}`,
      { kind: 'chat', model: '', prompt: '天为什么是蓝的？👩‍🚀' },
    ],
    [`hearth://chat?prompt=${encodeURIComponent('می‌خواهم ❤️')}`, { kind: 'chat', model: '', prompt: 'می‌خواهم ❤️' }],
  ])('%s', (text, link) => expect(parseLink(text)).toEqual(link))
})

// Each is a way to have more done than the person sees, or a link of a Hearth to come.
describe('a link that is refused', () => {
  it.each([
    'https://pull/qwen3',
    'hearth:pull/qwen3',
    'hearth://pull',
    'hearth://pull/',
    'hearth://pull/qwen3?start=true',
    'hearth://pull/qwen3#now',
    'hearth://someone@pull/qwen3',
    'hearth://pull:11434/qwen3',
    'hearth://pull/%2e%2e%2f%2e%2e%2fetc%2fpasswd',
    'hearth://pull/http%3A%2F%2Fevil.example%2Fa%2Fb',
    'hearth://pull/http://evil.example/a/b',
    'hearth://pull//etc/passwd',
    'hearth://pull/C:%5Cmodel.gguf',
    'hearth://pull/%zz',
    'hearth://pull/a%00b',
    'hearth://pull/a b',
    'hearth://chat?send=true&prompt=hi',
    'hearth://chat?prompt=a&prompt=b',
    'hearth://chat?model=a&model=b',
    'hearth://chat?model=..%2f..%2fx',
    'hearth://chat/01J?prompt=hi',
    'hearth://chat?__proto__=x',
    'hearth://open?file=/etc/passwd',
    'hearth://delete/qwen3',
    // What a model reads and a person does not.
    'hearth://chat?prompt=Hello%00',
    'hearth://chat?prompt=Hello%1b%5b2J',
    'hearth://chat?prompt=%E2%80%AEolleH',
    `hearth://chat?prompt=Hi${encodeURIComponent('\u{e0049}\u{e0067}')}`,
    // Each of these carries a byte that no letter shows.
    `hearth://chat?prompt=Hi${encodeURIComponent('\u{e0158}\u{e0159}')}`,
    `hearth://chat?prompt=Hi${encodeURIComponent('\ufe00\ufe01')}`,
    `hearth://chat?prompt=Hi${encodeURIComponent('\u200b\u3164\u00ad')}`,
    `hearth://chat?prompt=${'a'.repeat(8_001)}`,
    `hearth://chat?prompt=${'%20'.repeat(100_000)}`,
    '',
    'no link',
  ])('%j', text => expect(parseLink(text)).toBeUndefined())
})

it('every text a person can see comes through a link as it was', () => {
  const visible = fc.string({ unit: 'grapheme', maxLength: 200 }).map(text => text.replace(/\r/g, '').trim())
  fc.assert(
    fc.property(visible, prompt => {
      const link = parseLink(`hearth://chat?prompt=${encodeURIComponent(prompt)}`)
      expect(link === undefined || link.kind === 'chat').toBe(true)
      if (link?.kind === 'chat') expect(link.prompt).toBe(prompt)
    }),
  )
})

it('whatever a link holds, it is understood or refused, and never thrown at the app', () => {
  fc.assert(
    fc.property(fc.constantFrom('hearth://', 'hearth://pull/', 'hearth://chat?'), fc.string(), (start, rest) => {
      const link = parseLink(start + rest)
      if (link?.kind === 'model') expect(link.model).not.toMatch(/[\s\\]|\.\.\//)
    }),
  )
})
