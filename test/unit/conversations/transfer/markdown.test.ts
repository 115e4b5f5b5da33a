import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { fromMarkdown } from 'mdast-util-from-markdown'
import { expect, test } from 'vitest'
import { hearth } from '../opened-hearth.ts'
import { aConversation, aMessage, exported, fileOfRecords, idOf, imported, unzipped } from './files.ts'

/** One chat as Markdown: the file's name, its text, and its headings as a reader of Markdown sees them. */
async function markdown(conversation: object, ...messages: object[]) {
  const { conversations } = await hearth()
  await imported(conversations, fileOfRecords([aConversation(1, conversation), ...messages]))
  const path = await exported(conversations, 'markdown', idOf('conversation', 1))
  const file = readFileSync(path)
  const [text = ''] = path.endsWith('.zip') ? Object.values(unzipped(file)) : [file.toString('utf8')]
  const headings = fromMarkdown(text).children.flatMap(node =>
    node.type === 'heading' ? node.children.map(child => ('value' in child ? child.value : child.type)).join('') : [],
  )
  return { name: basename(path), text, headings }
}

const answer = (n: number, parent: number, content: string, over = {}) =>
  aMessage(n, 1, parent, { role: 'assistant', model: 'tiny', content, ...over })

test('the shown path is told with who wrote what, and when; other versions and thinking are not', async () => {
  const { name, text, headings } = await markdown(
    { title: '旅行 plans', activeLeaf: idOf('message', 3) },
    aMessage(1, 1, null, { content: 'Where to?\nAnd when?' }),
    answer(2, 1, 'Nowhere.'),
    answer(3, 1, 'To **Rome**.', { thinking: 'hm', state: 'stopped' }),
  )
  expect(name).toBe('旅行 plans.md')
  expect(headings).toEqual(['旅行 plans', 'You', 'tiny'])
  expect(text).toContain('> Where to?  \n> And when?\n')
  expect(text).toContain('To **Rome**.\n\n*This answer was not finished.*\n')
  expect(text).toMatch(/\*Nov 14, 2023, /)
  expect(text).not.toMatch(/Nowhere|hm/)
})

// A question that is a picture alone would leave its answer without what it answers.
test('pictures are named, also where nothing else was asked', async () => {
  const picture = { hash: 'a'.repeat(64), name: 'red_circle.png', type: 'image/png', width: 1, height: 1, bytes: 1 }
  const { text, headings } = await markdown(
    { title: 'T', activeLeaf: idOf('message', 2) },
    ...[aMessage(1, 1, null, { content: '', attachments: [picture] }), answer(2, 1, 'A circle.')],
  )
  expect(headings).toEqual(['T', 'You', 'tiny'])
  expect(text).toContain('> *Picture: red\\_circle.png*')
})

test('what a model wanted called is told, with what the tool has answered', async () => {
  const call = { id: '', name: '*weather*', arguments: { city: 'Paris', code: '```' } }
  const { text, headings } = await markdown(
    { title: 'T', activeLeaf: idOf('message', 3) },
    ...[aMessage(1, 1, null), answer(2, 1, '', { toolCalls: [call] })],
    aMessage(3, 1, 2, { role: 'tool', content: '21 degrees', tool: { name: 'weather', callId: '' } }),
  )
  expect(headings).toEqual(['T', 'You', 'tiny', 'Result of weather'])
  expect(text).toContain('*Asked for the tool \\*weather\\**\n\n```json\n{\n  "city": "Paris",')
  expect(text).toContain('> 21 degrees')
  expect(text).not.toContain('````')
})

// Each of these would swallow what comes after it, or come out as something else than text.
test.each([
  '---',
  '# Title',
  '*a* [b](c) `d`',
  '<script>x</script>',
  '&lt; \\ #',
  'a ##',
  '1. one',
  '> q',
  '__proto__',
])('the title %j stays a title', async title => {
  const { headings } = await markdown({ title }, aMessage(1, 1, null))
  expect(headings).toEqual([title, 'You'])
})

test.each(['```js\nlet a', '~~~~\n~~~', '<!-- open', '<script>\n\nx', '> ```', '- ```\n  x', '<pre>\n\n', '    <!--'])(
  'the text %j leaves nothing open for the next message',
  async content => {
    const { headings } = await markdown(
      { title: 'T', activeLeaf: idOf('message', 3) },
      ...[aMessage(1, 1, null, { content }), answer(2, 1, content), aMessage(3, 1, 2, { content: 'Next' })],
    )
    expect(headings).toEqual(['T', 'You', 'tiny', 'You'])
  },
)

test('all chats are one zip, with a file for each, in the folders of the list', async () => {
  const { conversations } = await hearth()
  const folder = { type: 'folder', id: idOf('folder', 1), name: '工作/a' }
  const chats = [1, 2, 3].map(n => aConversation(n, { title: 'Plans', folderId: n === 3 ? folder.id : null }))
  await imported(conversations, fileOfRecords([folder, ...chats, aMessage(1, 1, null, { content: '萤火虫' })]))
  const path = await exported(conversations, 'markdown')
  expect(basename(path)).toMatch(/^Hearth chats \d{4}-\d{2}-\d{2}\.zip$/)
  const files = unzipped(readFileSync(path))
  expect(Object.keys(files).sort()).toEqual(['Plans (2).md', 'Plans.md', '工作 a/Plans.md'])
  expect(Object.values(files).join('')).toContain('> 萤火虫')
})
