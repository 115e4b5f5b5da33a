import { expect, test } from 'vitest'
import { noticeLines, noticeSentence } from '../../../main/settings/notice-sentence.ts'
import { everyNotice } from '../every-notice.ts'

// A value the sentence names and nobody gives would read "undefined".
test.each(everyNotice)('$code is one plain sentence with its values', notice => {
  expect(noticeSentence(notice)).toMatch(/^[A-Z][^\n]+\.$/)
  expect(noticeSentence(notice)).not.toContain('undefined')
})

test('a trouble that repeats is one line, and one that came back is told again', () => {
  const lines: string[] = []
  const tell = noticeLines(line => lines.push(line))
  const full = (id: string) => ({ id, code: 'disk-full' as const, values: { path: '/p' } })
  tell([])
  tell([full('1')])
  tell([full('2')])
  expect(lines).toHaveLength(1)
  tell([])
  tell([full('3')])
  expect(lines).toHaveLength(2)
})
