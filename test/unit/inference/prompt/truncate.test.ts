import { describe, expect, test } from 'vitest'
import { dropUntilFits, type PromptRoom, withinReach } from '../../../../main/inference/prompt/truncate.ts'
import type { ChatMessage } from '../../../../main/inference/requests.ts'
import { assistant, system, user } from './models.ts'

const join = (messages: readonly ChatMessage[]) => messages.map(message => message.content).join('')
/** One token for a character. */
const room = (contextSize: number, counted: string[] = []): PromptRoom => ({
  contextSize,
  tokensPerImage: 100,
  countTokens: async text => {
    counted.push(text)
    return text.length
  },
})
const kept = async (messages: readonly ChatMessage[], size: number) =>
  (await dropUntilFits(messages, join, room(size))).text

describe('old messages make room for new ones', () => {
  const chat = [user('aa'), assistant('bb'), user('cc'), assistant('dd'), user('ee')]
  test.each([
    [10, 'aabbccddee'],
    [9, 'bbccddee'],
    [8, 'bbccddee'],
    [7, 'ccddee'],
    [3, 'ee'],
    [2, 'ee'],
    [1, 'ee'],
    [0, 'ee'],
  ])('in %i tokens', async (size, expected) => {
    expect(await kept(chat, size)).toBe(expected)
  })

  test('system texts stay wherever they stand', async () => {
    const withSystem = [system('S'), user('aa'), system('T'), assistant('bb'), user('cc')]
    expect(await kept(withSystem, 8)).toBe('SaaTbbcc')
    expect(await kept(withSystem, 7)).toBe('STbbcc')
    expect(await kept(withSystem, 4)).toBe('STcc')
    expect(await kept(withSystem, 1)).toBe('STcc')
  })

  // The model of a long chat would no longer hear what it is there for.
  test('what a developer told the model stays, too', async () => {
    const led = [{ role: 'developer', content: 'D' }, user('aa'), assistant('bb'), user('cc')]
    expect(await kept(led, 4)).toBe('Dcc')
    expect(withinReach(led, 1).map(({ content }) => content)).toEqual(['D', 'cc'])
  })

  test('pictures take their tokens with them', async () => {
    const image = new Uint8Array(3)
    const messages = [{ ...user('aa'), images: [image, image] }, assistant('bb'), { ...user('cc'), images: [image] }]
    expect(await kept(messages, 306)).toBe('aabbcc')
    expect(await kept(messages, 305)).toBe('bbcc')
    expect(await kept(messages, 103)).toBe('cc')
  })

  test('nothing to drop, nothing dropped', async () => {
    expect(await kept([user('long')], 1)).toBe('long')
    expect(await kept([], 1)).toBe('')
  })
})

test('a template that wants a question first gets one', async () => {
  const picky = (messages: readonly ChatMessage[]) => {
    if (messages[0]?.role !== 'user') throw new Error('roles must alternate')
    return join(messages)
  }
  const chat = [user('aa'), assistant('bb'), user('cc'), assistant('dd'), user('ee')]
  expect((await dropUntilFits(chat, picky, room(8))).text).toBe('ccddee')
  expect((await dropUntilFits(chat, picky, room(5))).text).toBe('ee')
})

test('a chat that fits is rendered once', async () => {
  let renderings = 0
  const counting = (messages: readonly ChatMessage[]) => {
    renderings++
    return join(messages)
  }
  const chat = [user('aa'), assistant('bb'), user('cc')]
  expect(await dropUntilFits(chat, counting, room(6))).toEqual({ messages: chat, text: 'aabbcc' })
  expect(renderings).toBe(1)
})

test('a broken template fails with its own words, not with a shorter chat', async () => {
  const broken = () => {
    throw new Error('no')
  }
  await expect(dropUntilFits([user('a'), user('b')], broken, room(1))).rejects.toThrow('no')
})

test('a chat of ten thousand messages is measured a few times, not ten thousand times', async () => {
  const counted: string[] = []
  const chat = Array.from({ length: 10_000 }, () => user('x'))
  expect((await dropUntilFits(chat, join, room(4096, counted))).text).toHaveLength(4096)
  expect(counted.length).toBeLessThan(20)
})
