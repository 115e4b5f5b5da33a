import { expect, test } from 'vitest'
import { titleRequest, writtenTitle } from '../../../../main/conversations/titles/written-title.ts'

const english = 'What is the capital of France?'
const chinese = '法国的首都是哪里？'
/** What else was said in the chats. */
const answered = 'Paris. The sky over it is blue. 用 Python 写一个装饰器，巴黎很小'
const titled = (answer: string, question: string) => writtenTitle(answer, question, `${question}\n${answered}`)

// Models dress a title up in whatever way they were taught.
test.each([
  ['Capital of France', 'Capital of France'],
  ['"Capital of France."', 'Capital of France'],
  ['**Title: Capital of France**', 'Capital of France'],
  ['\n# “Capital of France”\n\nI hope this helps!', 'Capital of France'],
  ['- Why is the sky blue?', 'Why is the sky blue?'],
  ['1000 boats in Paris, Louis XIII', '1000 boats in Paris, Louis XIII'],
])('%j is read as a title', (answer, title) => {
  expect(titled(answer, english)).toBe(title)
})

test.each([
  ['《法国的首都》', '法国的首都'],
  ['标题：法国首都。', '法国首都'],
  ['Python 装饰器', 'Python 装饰器'],
])('%j is read as a Chinese title', (answer, title) => {
  expect(titled(answer, chinese)).toBe(title)
})

test.each([
  ['', english],
  ['""', english],
  ['  \n ', english],
  ['The capital of France is Paris, which is also its largest city and lies on the Seine.', english],
  ['法国的首都', english],
  ['Capital of France', chinese],
  ['Capital of the most five words', english],
  ['A short title', english],
  ['起一个简短的标题', chinese],
  // What very small models wrote: the chat could not be found again under it.
  ['Histoy", "name": "Nistoy", "country": "hana"}', english],
  ['The Nistoy', english],
  ['\ufffd的小的小的小的小的', chinese],
  ['小的小的小的小的小的', chinese],
  ['Paris Paris Paris Paris', english],
])('%j is no title for %j: the first words stay', (answer, question) => {
  expect(titled(answer, question)).toBeUndefined()
})

test('a title cannot turn the direction of what stands after it', () => {
  expect(titled('Capital \u202eof\u0000 France', english)).toBe('Capital of France')
})

test('the request is in the language of the chat', () => {
  expect(titleRequest(chinese)).toMatch(/标题/)
  expect(titleRequest('Translate “你好” into English, please')).toMatch(/short title/)
  expect(titleRequest('東京の人口はどのくらいですか')).toMatch(/short title/)
})
