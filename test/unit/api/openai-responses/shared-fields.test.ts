import { expect, test } from 'vitest'
import { decodeImageUrl } from '../../../../main/api/openai/image-url.ts'
import { thinkOfEffort } from '../../../../main/api/openai/reasoning-effort.ts'

test.each([
  ['', undefined],
  ['none', false],
  ['minimal', 'low'],
  ['low', 'low'],
  ['medium', 'medium'],
  ['high', 'high'],
  ['xhigh', 'max'],
  ['ultra', 'max'],
  ['max', 'max'],
])('effort %j means %j', (effort, think) => {
  expect(thinkOfEffort(effort)).toBe(think)
})

test.each(['Low', 'some', 'constructor', '"'])('effort %j is refused by name', effort => {
  expect(() => thinkOfEffort(effort)).toThrow(
    `invalid reasoning value: ${JSON.stringify(effort)} (must be "minimal", "low", "medium", "high", "xhigh", "ultra", "max", or "none")`,
  )
})

const data = Buffer.from('picture').toString('base64')

test.each(['image/jpeg', 'image/jpg', 'image/png', 'image/webp', ''])('a data URL of type %j', type => {
  expect(Buffer.from(decodeImageUrl(`data:${type};base64,${data}`)).toString()).toBe('picture')
})

test.each([
  ['http://x/y.png', 'image URLs are not currently supported, please use base64 encoded data instead'],
  ['https://x/y.png', 'image URLs are not currently supported, please use base64 encoded data instead'],
  ['', 'invalid image input'],
  [data, 'invalid image input'],
  [`data:image/gif;base64,${data}`, 'invalid image input'],
  [`data:image/png,${data}`, 'invalid image input'],
  ['data:image/png;base64,!', 'invalid image input'],
  ['file:///etc/passwd', 'invalid image input'],
])('%s is refused', (url, error) => {
  expect(() => decodeImageUrl(url)).toThrow(error)
})
