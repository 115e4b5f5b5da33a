import { expect, test } from 'vitest'
import { formProblemWords } from '../../../../renderer/features/forms/results/form-problem-words.ts'
import { en } from '../../../../renderer/i18n/en.ts'

/** What a row may have failed for. */
const codes = [
  ...['interrupted', 'context-too-long', 'invalid-request', 'invalid-form', 'model-not-found', 'capability-missing'],
  ...['broken-model-file', 'unsupported-architecture', 'cannot-see', 'out-of-memory', 'picture-missing'],
  ...['not-a-picture', 'broken-picture', 'answer-cut-off', 'engine-crashed', 'busy', 'disk-full', 'database'],
  ...['models-away', 'not-found', 'empty-chat', 'internal', 'a code of a later version'],
]
const ofChats = /question|chat is kept|new chat/i
const said = (key: string) => key.split('.').reduce<unknown>((texts, name) => (texts as never)[name], en) as string
const wordsOf = (code: string) => formProblemWords({ code, message: '', details: '' } as never)
const actions = /try|choose|change|split|add it|make some room|connect|helps/i

// A row said "The source is kept, and the others go on." and left the person with that.
test.each(codes)('a row that failed for %s says what to do, and speaks of no question', code => {
  const { title, text } = wordsOf(code)
  expect(said(title)).toMatch(/\w/)
  expect(said(text)).toMatch(actions)
  expect(said(text)).not.toMatch(ofChats)
})

// Of a chat that was deleted before its turn it said that the source is kept, and to try another model.
test.each(['not-found', 'picture-missing'])('a row whose source is gone (%s) does not say that it is kept', code => {
  expect(said(wordsOf(code).text)).not.toMatch(/source is kept|another model/)
})
