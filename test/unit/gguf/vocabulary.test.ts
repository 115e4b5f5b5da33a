import { expect, it } from 'vitest'
import { repeatedToken } from '../../../main/gguf/vocabulary.ts'

// llama.cpp maps texts to ids, as C strings, and ends its process over a map that is shorter than the list.
it.each<[string, string[], string | undefined]>([
  ['different texts', ['a', 'b', 'A'], undefined],
  ['a text twice', ['a', 'b', 'a'], 'its tokens 0 and 2 have the same text, "a"'],
  ['texts that differ behind a zero byte', ['x', 'a', 'a\0b'], 'its tokens 1 and 2 have the same text, "a"'],
  ['two halves of characters', ['\ud800', '\udc00'], 'its tokens 0 and 1 have the same text, "\ufffd"'],
  ['empty texts, which get names of their own', ['', '', '\0'], undefined],
])('a vocabulary with %s', (_, texts, reason) => {
  expect(repeatedToken(texts)).toBe(reason)
})
