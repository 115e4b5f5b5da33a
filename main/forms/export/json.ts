import type { Field } from '../../../forms/field.ts'
import { answerSchema } from '../../../forms/form-schema.ts'
import type { DoneRow } from './done-row.ts'

/** A form with its rows as JSON, a piece at a time: its name, the schema of the answers, and the answers. */
export async function* jsonOf(
  name: string,
  fields: readonly Field[],
  rows: AsyncIterable<readonly DoneRow[]>,
): AsyncGenerator<string> {
  const head = JSON.stringify({ form: name, schema: answerSchema(fields) }, null, 2)
  yield `${head.slice(0, -2)},\n  "rows": [`
  let first = true
  for await (const some of rows) {
    const texts = some.map(({ source, kind, model, createdAt, corrected, answer }) => {
      const row = { source, kind, model, time: new Date(createdAt).toISOString(), corrected, answer }
      return JSON.stringify(row)
    })
    if (texts.length === 0) continue
    yield `${first ? '' : ','}\n    ${texts.join(',\n    ')}`
    first = false
  }
  yield first ? ']\n}\n' : '\n  ]\n}\n'
}
