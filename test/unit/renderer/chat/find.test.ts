// @vitest-environment happy-dom
import { beforeEach, expect, test, vi } from 'vitest'
import { fold } from '../../../../preload/contract-fold.ts'
import { useChat } from '../../../../renderer/features/chat/chat-store.ts'
import {
  closeFind,
  find,
  findAgain,
  placeOf,
  step,
  useFind,
} from '../../../../renderer/features/chat/find/find-store.ts'
import { stretchesOf } from '../../../../renderer/features/chat/find/places.ts'
import { aMessage } from '../fake-hearth.ts'

const show = (...texts: string[]) =>
  useChat.setState(({ thread }) => ({
    thread: { ...thread, messages: texts.map((content, index) => aMessage({ id: `m${index}`, content })) },
  }))
const place = () => placeOf(useFind.getState())

beforeEach(() => {
  closeFind()
  show('One apple, one pear', 'No fruit', 'Apple and APPLE')
})

test('places are counted through the whole chat, from the message in sight on, and go round', async () => {
  await find('apple', 'm1')
  expect(useFind.getState()).toMatchObject({ total: 3, at: 1 })
  expect(place()).toEqual({ messageId: 'm2', nth: 0 })
  step(1)
  expect(place()).toEqual({ messageId: 'm2', nth: 1 })
  step(1)
  expect(place()).toEqual({ messageId: 'm0', nth: 0 })
  step(-1)
  expect(place()).toEqual({ messageId: 'm2', nth: 1 })
})

test('nothing after what is in sight leads to the first place; nothing at all leads nowhere', async () => {
  await find('pear', 'm2')
  expect(place()).toEqual({ messageId: 'm0', nth: 0 })
  await find('plum', 'm0')
  step(1)
  expect(useFind.getState()).toMatchObject({ total: 0, at: 0 })
  expect(place()).toBeUndefined()
})

// "Paris is" was not found in what stood there as "Paris is", and addresses were counted that nobody sees.
test('an answer is looked through as it is read, a question as it was written', async () => {
  const answer = '**Paris** is, says [the city](https://paris.example/is), the place.\n\n```py\n# is **it**?\n```'
  useChat.setState(({ thread }) => ({
    thread: {
      ...thread,
      messages: [aMessage({ id: 'q', role: 'user', content: '**Paris** is?' }), aMessage({ id: 'a', content: answer })],
    },
  }))
  const total = async (query: string) => {
    await find(query, undefined)
    return useFind.getState().total
  }
  expect(await total('Paris is')).toBe(1)
  expect(await total('**Paris**')).toBe(1)
  expect(await total('example')).toBe(0)
  expect(await total('the city')).toBe(1)
  expect(await total('# is **it**')).toBe(1)
})

// An answer that is being written must not throw the person back to the first place at each word.
test('the person stays at the same place while messages change', async () => {
  await find('apple', 'm2')
  step(1)
  show('One apple, one apple, one apple', 'No fruit', 'Apple and APPLE and apple')
  await findAgain()
  expect(place()).toEqual({ messageId: 'm2', nth: 1 })
  show('One apple')
  await findAgain()
  expect(place()).toEqual({ messageId: 'm0', nth: 0 })
})

test.each([
  ['APPLE', 'an Äpple, an apple', ['Äpple', 'apple']],
  ['北京', '我在北京，北京很大', ['北京', '北京']],
  ['abc', 'ＡＢＣ and abc', ['ＡＢＣ', 'abc']],
  ['ff', 'a ﬀ here', ['ﬀ']],
  ['aa', 'aaa', ['aa']],
  ['😀', 'x😀y', ['😀']],
])('%j is marked in %j where it is written', (word, text, expected) => {
  expect(stretchesOf(fold(word), text).map(({ from, to }) => text.slice(from, to))).toEqual(expected)
})

test('messages that come while it is looked through do not make it begin at the top of the chat', async () => {
  show('needle', 'hay', 'needle', 'hay')
  // Each message takes a turn of its own.
  let now = 0
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => (now += 100))
  const looking = find('needle', 'm1')
  show('needle', 'hay', 'needle', 'hay', 'needle')
  await Promise.all([looking, findAgain()])
  clock.mockRestore()
  expect(useFind.getState().total).toBe(3)
  expect(place()).toEqual({ messageId: 'm2', nth: 0 })
})
