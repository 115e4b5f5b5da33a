import { expect, test } from 'vitest'
import { titleOf } from '../../../../main/conversations/titles/first-words.ts'
import { cpuTime } from '../../../cpu-time.ts'

test('a short question is its own title, on one line', () => {
  expect(titleOf('  What is\n\n the capital\tof France? ')).toBe('What is the capital of France?')
})

test('a long question is cut between words', () => {
  expect(titleOf('Please explain how the tides work and why there are two of them every day')).toBe(
    'Please explain how the tides work and why there…',
  )
})

test('Chinese is cut between words too, at half as many characters, as they are twice as wide', () => {
  const title = titleOf('请用简单的语言解释一下潮汐是怎么形成的，为什么每天会有两次涨潮和两次落潮？')
  expect(title).toMatch(/…$/)
  expect(title.length).toBeLessThanOrEqual(24)
  expect(
    '请用简单的语言解释一下潮汐是怎么形成的，为什么每天会有两次涨潮和两次落潮？'.startsWith(title.slice(0, -1)),
  ).toBe(true)
  // 语言, 解释, 潮汐, 形成, 为什么 stay whole.
  expect(title).not.toMatch(/[语解潮形]…$|为什?…$/)
})

test('a link without a place to cut is cut between characters, never inside one', () => {
  const family = '👩‍👩‍👧‍👦'
  expect(titleOf(`https://example.org/${'a'.repeat(200)}`)).toBe(`https://example.org/${'a'.repeat(27)}…`)
  const title = titleOf(family.repeat(100))
  expect(title).toBe(`${family.repeat(47)}…`)
})

test('markup stays letters: the window shows it as text', () => {
  expect(titleOf('<img src=x onerror=alert(1)> **bold**')).toBe('<img src=x onerror=alert(1)> **bold**')
})

test.each(['', ' \n\t ', '\u202e', '\0'])('%j gives no title', question => {
  expect(titleOf(question)).toBe('')
})

test('four megabytes are not segmented whole, which takes seconds', () => {
  const question = 'word '.repeat(800_000)
  const from = cpuTime()
  expect(titleOf(question)).toMatch(/…$/)
  expect(cpuTime() - from).toBeLessThan(2_000)
})
