import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { grammarFor } from '../../../main/inference/grammar/format.ts'
import { GrammarThread } from '../../../main/inference/grammar/grammar-thread.ts'

const thread = new GrammarThread(join(import.meta.dirname, '../../../out/main/grammar-worker.js'))
afterAll(() => thread.close())

test('a thread gives the same grammars and the same refusals, several at once', async () => {
  const schemas = [{ type: 'integer', minimum: 3 }, { enum: ['a', 'b'] }, { properties: { a: {} } }]
  const grammars = await Promise.all(schemas.map(schema => thread.grammar(schema)))
  expect(grammars).toEqual(schemas.map(schema => grammarFor(schema)))
  await expect(thread.grammar({ contains: {} })).rejects.toMatchObject({
    name: 'Problem',
    code: 'invalid-request',
    status: 400,
    message: 'invalid JSON schema in format at #/contains: keyword "contains" is not supported',
  })
})

test('a schema nested too deep to be sent is refused like any other', async () => {
  let schema: object = {}
  for (let depth = 0; depth < 50_000; depth++) schema = { items: schema }
  await expect(thread.grammar(schema)).rejects.toMatchObject({ message: expect.stringContaining('nested deeper than') })
})

test('a thread that ended is started anew, and who waited for it is told', async () => {
  // Large enough not to be done before the end comes.
  const waiting = thread.grammar({ enum: Array.from({ length: 200_000 }, (_, at) => `value ${at}`) })
  await thread.close()
  await expect(waiting).rejects.toMatchObject({ status: 500, message: 'the thread that reads schemas ended' })
  expect(await thread.grammar({ type: 'null' })).toBe(grammarFor({ type: 'null' }))
})
