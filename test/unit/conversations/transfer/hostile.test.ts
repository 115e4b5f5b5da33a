import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { exportWords } from '../../../../main/conversations/transfer/words.ts'
import { hearth } from '../opened-hearth.ts'
import { aConversation, aMessage, exported, fileOf, fileOfRecords, finished, idOf, imported } from './files.ts'

const id = idOf('conversation', 1)

test.each<[string, string | Uint8Array, string]>([
  ['an empty file', '', 'foreign-file'],
  ['a picture', new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a]), 'foreign-file'],
  ['a table', 'title,date\nPlans,today\n', 'foreign-file'],
  ['a list, as other programs write it', '[{"title":"Plans","mapping":{}}]', 'foreign-file'],
  ['other JSON', '{"name":"hearth","version":"1","files":["a"]}', 'foreign-file'],
  ['a head without an end', `{"format":"hearth-chats","x":"${'x'.repeat(100_000)}`, 'foreign-file'],
  [
    'text in another encoding',
    Buffer.from('{"format":"hearth-chats","formatVersion":1,"records":[]}', 'utf16le'),
    'foreign-file',
  ],
  ['a file of a later version', '{"format":"hearth-chats","formatVersion":2,"records":[]}', 'newer-file'],
])('%s is refused and changes nothing', async (_, contents, code) => {
  const { conversations, listed } = await hearth()
  await expect(imported(conversations, fileOf(contents))).rejects.toMatchObject({ name: 'Problem', code })
  expect(listed()).toEqual([])
})

test('a file that is not there is told as unreadable', async () => {
  const { conversations } = await hearth()
  await expect(imported(conversations, `${fileOf('')}.gone`)).rejects.toMatchObject({ code: 'file-unreadable' })
})

test('a field that cannot be right falls back alone', async () => {
  const { conversations, watch, listed } = await hearth()
  const broken = { role: 'emperor', thinking: 7, model: null, createdAt: 1e300, metrics: 'fast', state: 'streaming' }
  const path = fileOfRecords([
    aConversation(1, { updatedAt: -1, pinned: 'yes', parameters: { temperature: 'hot', seed: 3 }, system: null }),
    aMessage(1, 1, null, broken),
  ])
  expect(await imported(conversations, path)).toMatchObject({ conversations: 1, messages: 1, unreadable: 0 })
  expect(listed()).toMatchObject([{ title: 'Chat 1', pinned: false, system: '', parameters: { seed: 3 } }])
  const shown = watch(id)
  await expect.poll(() => shown.texts).toEqual(['Message 1'])
})

test('a record that is none hides nothing but itself', async () => {
  const { conversations, watch } = await hearth()
  const path = fileOfRecords([
    ...['text', null, 7, [], {}, { type: 'planet' }, { type: 'message' }],
    aConversation(1),
    aMessage(1, 1, null),
    aMessage(2, 1, 1, { content: { parts: [] } }),
    aMessage(3, 1, 2),
    { ...aMessage(4, 1, 3), id: 'x'.repeat(10_000_000) },
    aMessage(5, 1, 3),
  ])
  expect(await imported(conversations, path)).toMatchObject({ messages: 3, unreadable: 5 })
  const shown = watch(id)
  await expect.poll(() => shown.texts).toEqual(['Message 1', 'Message 3', 'Message 5'])
})

test.each<[string, (line: string) => string]>([
  ['a quote is lost', line => line.replace('"role":"', '"role":')],
  ['a brace is lost', line => line.replace('}', '')],
  ['a brace is too many', line => `${line}}`],
  ['its middle is lost', line => line.slice(0, 60)],
  ['a line comes into a text', line => line.replace('Message', 'Mess\nage')],
  ['bytes are no text', line => line.replace('Message', '\u0000\u0001')],
])('damage in one line hides nothing but that line, when %s', async (_, damage) => {
  const { conversations } = await hearth()
  const path = fileOfRecords([aConversation(1), ...[1, 2, 3, 4].map(n => aMessage(n, 1, n === 1 ? null : n - 1))])
  const lines = readFileSync(path, 'utf8').split('\n')
  const { messages } = await imported(
    conversations,
    fileOf(lines.map(line => (line.includes('Message 2') ? damage(line) : line)).join('\n')),
  )
  expect(messages).toBeGreaterThanOrEqual(3)
})

test('the same chats are read however the file is laid out', async () => {
  const { conversations } = await hearth()
  const path = fileOfRecords([aConversation(1), aMessage(1, 1, null, { content: '}]{["\\\n' }), aMessage(2, 1, 1)])
  const pretty = JSON.stringify(JSON.parse(readFileSync(path, 'utf8')), null, 2).replaceAll('\n', '\r\n')
  expect(await imported(conversations, fileOf(`\ufeff${pretty}`))).toMatchObject({
    messages: 2,
    unreadable: 0,
    cutOff: false,
  })
})

test('of a file that ends in the middle, everything before is added, and the rest with the whole file', async () => {
  const { conversations } = await hearth()
  const path = fileOfRecords([aConversation(1), aMessage(1, 1, null), aMessage(2, 1, 1)])
  const whole = readFileSync(path)
  const half = fileOf(whole.subarray(0, whole.length - 100))
  expect(await imported(conversations, half)).toMatchObject({ messages: 1, cutOff: true })
  expect(await imported(conversations, path)).toMatchObject({ messages: 1, known: 2, cutOff: false })
})

test('parents in a circle, of another chat, or missing leave a chat that opens', async () => {
  const { conversations, watch } = await hearth()
  const path = fileOfRecords([
    ...[aConversation(1), aMessage(1, 1, 2), aMessage(2, 1, 1), aMessage(3, 1, 3), aMessage(4, 1, 99)],
    ...[aConversation(2), aMessage(5, 2, 4), aMessage(1, 2, null), aMessage(6, 2, 1)],
    aMessage(7, 3, null, { content: 'Of no chat' }),
  ])
  expect(await imported(conversations, path)).toMatchObject({ conversations: 3, messages: 7, known: 1 })
  for (const [chat, texts] of [
    [1, ['Message 1', 'Message 2', 'Message 3', 'Message 4']],
    [2, ['Message 5', 'Message 6']],
    [3, ['Of no chat']],
  ] as const) {
    const shown = watch(idOf('conversation', chat))
    await expect.poll(() => shown.texts).toEqual(texts)
  }
})

test('names of the language are names like others', async () => {
  const { conversations, listed } = await hearth()
  const title = '<img src=x onerror=alert(1)>\u202e'
  const json = readFileSync(fileOfRecords([aConversation(1, { title, model: 'constructor' })]), 'utf8')
  await imported(conversations, fileOf(json.replace('"system":""', '"__proto__":{"system":"x","pinned":true}')))
  expect(listed()).toMatchObject([
    { title: '<img src=x onerror=alert(1)>', model: 'constructor', pinned: false, system: '' },
  ])
  expect(({} as { pinned?: boolean }).pinned).toBeUndefined()
})

test('an import that is let go of leaves whole chats, and goes on with the same file', async () => {
  const { conversations, listed } = await hearth()
  const records = Array.from({ length: 5000 }, (_, n) => aMessage(n, 1, n === 0 ? null : n - 1))
  const path = fileOfRecords([aConversation(1), ...records])
  const job = conversations.transfer.import(path)
  await job.next()
  await job.return(undefined as never)
  expect(listed()).toHaveLength(1)
  const { messages, known } = await imported(conversations, path)
  expect(messages).toBeGreaterThan(0)
  expect(messages + known).toBe(5001)
})

test('an export that is let go of, or fails, leaves no file and the old one as it was', async () => {
  const { conversations } = await hearth()
  await imported(conversations, fileOfRecords([aConversation(1), aMessage(1, 1, null)]))
  const path = await exported(conversations)
  const before = readFileSync(path, 'utf8')
  const request = { conversationId: null, format: 'json', words: exportWords('en') } as const
  const job = conversations.transfer.export(request, path)
  await job.next()
  await job.return(undefined as never)
  expect(readFileSync(path, 'utf8')).toBe(before)
  expect(readdirSync(dirname(path))).toHaveLength(1)
  await expect(finished(conversations.transfer.export(request, join(path, 'below.json')))).rejects.toMatchObject({
    code: 'file-unwritable',
  })
})
