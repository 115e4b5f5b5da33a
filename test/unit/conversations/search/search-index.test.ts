import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { SearchIndex } from '../../../../main/conversations/search/search-index.ts'
import { fold } from '../../../../preload/contract-fold.ts'
import { temporaryHome } from '../temporary-home.ts'

const path = (home = temporaryHome()) => join(home, 'search.db')

function open(file = path()): SearchIndex {
  const index = SearchIndex.open(file)
  onTestFinished(() => index.close())
  return index
}

const entry = (number: number, text: string, hasDocuments = false) => ({
  number,
  id: `m${number}`,
  text,
  hasDocuments,
  bytes: Buffer.byteLength(text),
})
const entries = (...texts: string[]) => texts.map((text, at) => entry(at + 1, text))

test('finds parts of words, phrases, several words anywhere, the newest first', async () => {
  const index = open()
  await index.change(entries('The capital of France', 'France has a capital', 'Germany', 'Recapitulate, France'), [])
  expect(index.find(['capital'], 10)).toEqual([2, 1])
  expect(index.find(['capit'], 10)).toEqual([4, 2, 1])
  expect(index.find(['capital of'], 10)).toEqual([1])
  expect(index.find(['france', 'capit'], 10)).toEqual([4, 2, 1])
  expect(index.find(['spain'], 10)).toEqual([])
  expect(index.find(['capit'], 2)).toEqual([4, 2])
  expect(index.find(['capit'], 2, 2)).toEqual([1])
})

test('finds Chinese words of one and two characters, at the end of a text, too', async () => {
  const index = open()
  await index.change(entries('我想去北京', '北京很大', '上海', '我喜欢京剧'), [])
  expect(index.find(['北京'], 10)).toEqual([2, 1])
  expect(index.find(['京'], 10)).toEqual([4, 2, 1])
  expect(index.find(['海'], 10)).toEqual([3])
  expect(index.find(['我', '北京'], 10)).toEqual([1])
  expect(index.find(['喜欢京', '我'], 10)).toEqual([4])
})

// A word of two characters goes on in thousands of ways: found by those alone that come first, its newest messages are
// missing.
test('finds a short Chinese word whatever follows it, the newest first', async () => {
  const index = open()
  const following = Array.from({ length: 5_000 }, (_, at) => String.fromCodePoint(0x4e00 + at))
  await index.change(entries(...following.map(character => `去北京${character}看`)), [])
  expect(index.find(['北京'], 3)).toEqual([5_000, 4_999, 4_998])
  expect(index.find(['京'], 2, 4_000)).toEqual([3_999, 3_998])
})

test('takes characters for a word only where they stand together', async () => {
  const index = open()
  await index.change(entries('北方的京剧', '北 京', '北a京', '北，京', '在北京'), [])
  expect(index.find(['北京'], 10)).toEqual([5])
  await index.change([entry(5, '在上海')], [])
  expect(index.find(['北京'], 10)).toEqual([])
})

// FTS5 has a language of its own; a person's words must not be read as its operators, nor end in its errors.
test.each(['a OR b', '"', 'NEAR(x', 'text:', '* ^ -', "'; DROP TABLE entries", 'a\u0000b', '(((', '100%_'])(
  'a term of %j is only text',
  async term => {
    const index = open()
    await index.change(entries('nothing of the kind', `here: ${term} .`), [])
    expect(index.find([fold(term)], 10)).toEqual([2])
  },
)

test('what is replaced or taken out is not found any more', async () => {
  const index = open()
  await index.change(entries('old words', 'other words'), [])
  await index.change([entry(1, 'new words')], [2])
  expect(index.find(['old'], 10)).toEqual([])
  expect(index.find(['other'], 10)).toEqual([])
  expect(index.find(['words'], 10)).toEqual([1])
  expect(index.entries(0, 10)).toEqual([{ number: 1, id: 'm1', bytes: expect.any(Number) }])
})

test('a broken file, and one of another version, is begun anew', async () => {
  const file = path()
  writeFileSync(file, 'this is no database, and longer than a header, as it goes on and on '.repeat(100))
  const index = open(file)
  await index.change(entries('found again'), [])
  expect(index.find(['again'], 10)).toEqual([1])
})

// One long document alone could fill an answer, and hide every other message.
test('passages lead to their messages, the newest first, each once', async () => {
  const index = open()
  await index.change([entry(1, '', true), entry(2, 'a question', true), entry(3, 'no document')], [])
  for (let passage = 0; passage < 1_200; passage += 1)
    await index.addPassage({ number: 2, passage }, `北京 cap${passage}`)
  await index.addPassage({ number: 1, passage: 0 }, 'capital 北京')
  await index.addPassage({ number: 9, passage: 0 }, 'capital of a message that has gone')
  expect(index.findPassages(['cap'], 10).map(({ number }) => number)).toEqual([2, 1])
  expect(index.findPassages(['cap'], 1).map(({ number }) => number)).toEqual([2])
  expect(index.findPassages(['北京'], 10, 2)).toEqual([{ number: 1, passage: 0 }])
  expect(index.findPassages(['cap7', '北京'], 10)[0]).toMatchObject({ number: 2 })
  expect(index.findPassages(['capital'], 10)).toEqual([{ number: 1, passage: 0 }])
  expect(index.find(['cap'], 10)).toEqual([])

  expect(index.unread()).toEqual({ number: 2, id: 'm2' })
  await index.markRead(2, 1_200)
  expect(index.unread()).toEqual({ number: 1, id: 'm1' })
  await index.change([], [2])
  expect(index.findPassages(['cap'], 10)).toEqual([{ number: 1, passage: 0 }])
})

// Deleted and taken back while its document is read: what was in went with the deletion, and was never read again.
test('a message that is taken in anew while its documents are read is read from the beginning', async () => {
  const index = open()
  await index.change([entry(1, '', true)], [])
  expect(await index.addPassage({ number: 1, passage: 0 }, 'the beginning')).toBe(true)
  await index.change([entry(1, '', true)], [])
  expect(await index.addPassage({ number: 1, passage: 1 }, 'the end')).toBe(false)
  await index.markRead(1, 2)
  expect(index.unread()).toEqual({ number: 1, id: 'm1' })
  expect(index.findPassages(['end'], 10)).toEqual([])
})
