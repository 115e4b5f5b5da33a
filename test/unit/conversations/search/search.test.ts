import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { Conversations } from '../../../../main/conversations/conversations.ts'
import { SearchIndex } from '../../../../main/conversations/search/search-index.ts'
import { Notices } from '../../../../main/settings/notices.ts'
import { type CallOutput, calls } from '../../../../preload/contract.ts'
import { ScriptedInference } from '../scripted-inference.ts'
import { temporaryHome } from '../temporary-home.ts'

type Found = CallOutput<'conversations.search'>

async function hearth(home = temporaryHome()) {
  const inference = new ScriptedInference()
  const conversations = await Conversations.open({ home, inference, notices: new Notices() })
  onTestFinished(() => conversations.close())
  conversations.watchList(() => {})
  const search = async (query: string, before: number | null = null, limit = 50): Promise<Found> => {
    const found = await conversations.search({ query, before, limit })
    expect(calls['conversations.search'].output.safeParse(found).error).toBeUndefined()
    return found
  }
  const say = async (question: string, answer: string) => {
    const sent = await conversations.send({ conversationId: null, parentId: null, content: question, model: 'tiny' })
    inference.last.write(answer)
    inference.last.finish()
    return sent
  }
  return { conversations, inference, search, say }
}

const texts = ({ messages }: Found) => messages.map(({ excerpt }) => excerpt.map(({ text }) => text).join(''))

test('a question is found at once, its answer when it has ended', async () => {
  const { search, say, conversations, inference } = await hearth()
  await say('Where is the Great Wall?', 'It is in China.')
  expect(texts(await search('great wall'))).toEqual(['Where is the Great Wall?'])
  await vi.waitFor(async () => expect(texts(await search('china'))).toEqual(['It is in China.']))
  await conversations.send({ conversationId: null, parentId: null, content: 'And?', model: 'tiny' })
  inference.last.write('Half of a sentence')
  expect(texts(await search('sentence'))).toEqual([])
})

// Who searches first would wait for the index, were it not brought up to date before.
test('what is missing from the index comes in by itself, three seconds after the start', async () => {
  const home = temporaryHome()
  const { say, conversations } = await hearth(home)
  await say('Where is the Great Wall?', 'It is in China.')
  await conversations.close()
  rmSync(join(home, 'search.db'))
  const indexed = () => {
    const index = SearchIndex.open(join(home, 'search.db'))
    const { length } = index.entries(0, 100)
    index.close()
    return length
  }
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  try {
    await hearth(home)
    vi.advanceTimersByTime(2999)
    expect(indexed()).toBe(0)
    vi.advanceTimersByTime(1)
  } finally {
    vi.useRealTimers()
  }
  await vi.waitFor(() => expect(indexed()).toBe(2))
})

test('exact words are looked for in what is read: not in the marks around it', async () => {
  const { search, say } = await hearth()
  await say('Is **this** kept?', 'The **bold** word stays,\nas `code` does.')
  const quoted = (words: string) => search(`"${words}"`).then(texts)
  await vi.waitFor(async () =>
    expect(await quoted('bold word stays, as code')).toEqual(['The bold word stays, as code does.']),
  )
  // A question is drawn as it was written.
  expect(await quoted('**')).toEqual(['Is **this** kept?'])
})

test('a question is found by the name of its document, which is marked', async () => {
  const { search, conversations } = await hearth()
  const note = await conversations.attachText({ name: 'Lease-2024.pdf', text: 'The rent is 700.' })
  for (const content of ['What is the rent?', '']) {
    await conversations.send({ conversationId: null, parentId: null, content, model: 'tiny', attachments: [note] })
  }
  const { messages } = await search('lease')
  expect(
    messages.map(({ excerpt }) => excerpt.map(({ text, match }) => (match ? `[${text}]` : text)).join('')),
  ).toEqual(['[Lease]-2024.pdf', 'What is the rent? [Lease]-2024.pdf'])
})

const shown = ({ messages }: Found) =>
  messages.map(({ document, excerpt }) => [
    document,
    excerpt.map(({ text, match }) => (match ? `[${text}]` : text)).join(''),
  ])

test('what a document says is found, at its end and in Chinese too, also after a restart without the index', async () => {
  const home = temporaryHome()
  const first = await hearth(home)
  const long = `${'All that is said before. '.repeat(30_000)}The deposit is 700. 押金是七百元。`
  const lease = await first.conversations.attachText({ name: 'Lease.pdf', text: long })
  const note = await first.conversations.attachText({ name: 'note.txt', text: 'Nothing of it.' })
  const { questionId } = await first.conversations.send({
    conversationId: null,
    parentId: null,
    content: 'How much?',
    model: 'tiny',
    attachments: [note, lease],
  })
  first.inference.last.write('The deposit is high.')
  first.inference.last.finish()
  const look = async ({ search }: typeof first) => {
    await vi.waitFor(async () => expect((await search('deposit')).indexing).toBe(false))
    expect(shown(await search('deposit'))).toEqual([
      [null, 'The [deposit] is high.'],
      ['Lease.pdf', expect.stringMatching(/^….*The \[deposit\] is 700\. 押金是七百元。$/)],
    ])
    expect((await search('700')).messages).toMatchObject([{ messageId: questionId, document: 'Lease.pdf' }])
    expect(shown(await search('押金'))[0]?.[1]).toMatch(/\[押金\]是七百元。$/)
    // One page after the other.
    const [page, next] = [
      await search('deposit', null, 1),
      await search('deposit', (await search('deposit', null, 1)).next, 1),
    ]
    expect([...shown(page), ...shown(next)].map(([document]) => document)).toEqual([null, 'Lease.pdf'])
  }
  await look(first)
  await first.conversations.deleteMessage(questionId)
  expect(shown(await first.search('700'))).toEqual([])
  await first.conversations.restoreMessages([questionId])
  await first.conversations.close()
  rmSync(join(home, 'search.db'))
  await look(await hearth(home))
})

// A long document that was asked about again and again was read again for each of the questions.
test('a document that stands in several questions is read once for all of them', async () => {
  const { conversations, search } = await hearth()
  const other = await conversations.attachText({ name: 'other.txt', text: 'Nothing of it.' })
  const note = await conversations.attachText({ name: 'note.txt', text: 'Elderflower.' })
  for (const content of ['What?', 'Why?', 'When?']) {
    await conversations.send({
      conversationId: null,
      parentId: null,
      content,
      model: 'tiny',
      attachments: [other, note],
    })
  }
  await vi.waitFor(async () => expect((await search('elderflower')).messages).toHaveLength(3))
  await vi.waitFor(async () => expect((await search('elderflower')).indexing).toBe(false))
  const read = vi.spyOn(conversations.attachments, 'read')
  expect(shown(await search('elderflower'))).toEqual(Array(3).fill(['note.txt', '[Elderflower].']))
  expect(read.mock.calls.flat().sort()).toEqual([note.hash, other.hash].sort())
})

// A message with files was taken in anew by every start, and its documents would have been read each time.
test('what is in the index stays as it is when the app is started again', async () => {
  const home = temporaryHome()
  const first = await hearth(home)
  const note = await first.conversations.attachText({ name: 'note.txt', text: 'Elderflower.' })
  await first.conversations.send({
    conversationId: null,
    parentId: null,
    content: 'What?',
    model: 'tiny',
    attachments: [note],
  })
  await vi.waitFor(async () => expect(shown(await first.search('elderflower'))).toHaveLength(1))
  await first.conversations.close()
  rmSync(join(home, 'attachments'), { recursive: true })
  const { search } = await hearth(home)
  await vi.waitFor(async () => expect((await search('elderflower')).indexing).toBe(false))
  // Found by the index alone: the file is gone, and the message is shown.
  expect(shown(await search('elderflower'))).toEqual([[null, expect.stringContaining('What?')]])
})

test('titles are found with the words marked, Chinese too', async () => {
  const { search, say } = await hearth()
  const { conversationId } = await say('北京在哪里？', '在中国。')
  expect((await search('北京')).titles).toEqual([
    {
      conversationId,
      title: [
        { text: '北京', match: true },
        { text: '在哪里？', match: false },
      ],
    },
  ])
})

test('what is in the trash is not found until it is taken out', async () => {
  const { search, say, conversations } = await hearth()
  const { conversationId } = await say('A secret question', 'A secret answer')
  await vi.waitFor(async () => expect((await search('secret')).messages).toHaveLength(2))
  await conversations.listing.delete(conversationId)
  expect(await search('secret')).toMatchObject({ titles: [], messages: [] })
  await conversations.listing.restore(conversationId)
  expect((await search('secret')).messages).toHaveLength(2)
})

// After a long chat was deleted, nothing was found where its words stand in older ones.
test('what is in the trash hides nothing that is older', async () => {
  const { search, say, conversations } = await hearth()
  await say('Number one', 'ok')
  for (let count = 0; count < 7; count += 1) {
    const { conversationId } = await say(`Number ${count}`, 'ok')
    await conversations.listing.delete(conversationId)
  }
  const found = await search('number', null, 2)
  expect(texts(found)).toEqual(['Number one'])
  expect(found.next).toBeNull()
})

// The index is a file of its own: lost, it is made anew out of what is there.
test('after a start without the index everything is found again', async () => {
  const home = temporaryHome()
  const first = await hearth(home)
  for (let count = 0; count < 120; count += 1) await first.say(`Question ${count}`, `Reply ${count}`)
  await vi.waitFor(async () => expect((await first.search('reply', null, 200)).messages).toHaveLength(120))
  await first.conversations.close()
  for (const end of ['', '-wal', '-shm']) rmSync(join(home, `search.db${end}`), { force: true })
  const again = await hearth(home)
  await vi.waitFor(async () => {
    const found = await again.search('reply', null, 200)
    expect(found.indexing).toBe(false)
    expect(found.messages).toHaveLength(120)
  })
})

test('pages go on where the one before ended', async () => {
  const { search, say } = await hearth()
  for (let count = 0; count < 7; count += 1) await say(`Number ${count}`, 'ok')
  const first = await search('number', null, 4)
  const second = await search('number', first.next, 4)
  expect([...texts(first), ...texts(second)]).toEqual([6, 5, 4, 3, 2, 1, 0].map(count => `Number ${count}`))
  expect(second.next).toBeNull()
  expect(second.titles).toEqual([])
})

test('an empty query finds nothing', async () => {
  const { search, say } = await hearth()
  await say('Hello', 'Hi')
  expect(await search('  ')).toMatchObject({ titles: [], messages: [], next: null })
})
