import { expect, test } from 'vitest'
import { noticeLines, noticeSentence } from '../../../main/settings/notice-sentence.ts'
import { noticeSchema } from '../../../preload/contract-app.ts'

const values = {
  path: '/p',
  conversations: '2',
  messages: '3',
  reason: 'r',
  wanted: '11434',
  address: 'http://a',
  message: 'm',
  model: 'm:latest',
  askedContext: '32768',
  context: '8192',
  askedLayers: '33',
  layers: '20',
  packages: 'hearth-gpu-vulkan',
  version: '1.2.3',
}

// A value the sentence names and nobody gives would read "undefined".
test.each(noticeSchema.shape.code.options)('%s is one plain sentence with its values', code => {
  expect(noticeSentence({ code, values })).toMatch(/^[A-Z][^\n]+\.$/)
  expect(noticeSentence({ code, values })).not.toContain('undefined')
})

test('a trouble that repeats is one line, and one that came back is told again', () => {
  const lines: string[] = []
  const tell = noticeLines(line => lines.push(line))
  const full = (id: string) => ({ id, code: 'disk-full' as const, values })
  tell([])
  tell([full('1')])
  tell([full('2')])
  expect(lines).toHaveLength(1)
  tell([])
  tell([full('3')])
  expect(lines).toHaveLength(2)
})
