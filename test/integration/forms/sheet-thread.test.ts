import { join } from 'node:path'
import { strFromU8, unzipSync } from 'fflate'
import { expect, onTestFinished, test } from 'vitest'
import type { Field } from '../../../forms/field.ts'
import type { DoneRow } from '../../../main/forms/export/done-row.ts'
import { SheetThread } from '../../../main/forms/export/sheet-thread.ts'
import { type Workbook, xlsxOf } from '../../../main/forms/export/xlsx.ts'

const fields: Field[] = [
  { key: 'shop', required: true, shape: { kind: 'text' } },
  { key: 'day', required: true, shape: { kind: 'date', form: 'date' } },
]
const words = { row: 'Row', source: 'Source', item: 'No.', yes: 'Yes', no: 'No' }
const row = (n: number): DoneRow => ({
  source: `${n}.txt`,
  kind: 'text',
  model: 'tiny',
  createdAt: n,
  corrected: false,
  answer: { shop: n % 2 === 0 ? '=1+1' : '茶馆', day: '2026-11-21' },
})
async function* rows(portions: number) {
  for (let n = 0; n < portions; n += 1) yield Array.from({ length: 200 }, (_, index) => row(n * 200 + index))
}
const sheet = ({ bytes }: Workbook) => strFromU8(unzipSync(bytes)['xl/worksheets/sheet1.xml'] ?? new Uint8Array())

function thread(): SheetThread {
  const thread = new SheetThread(join(import.meta.dirname, '../../../out/main/sheet-worker.js'))
  onTestFinished(() => thread.close())
  return thread
}

// Ten thousand rows held main up for a fifth of a second and more; rows of two exports must not be mixed up in the
// thread.
test('workbooks are written in a thread, two at once, as main would write them', async () => {
  const { xlsxOf: elsewhere } = thread()
  const [one, other] = await Promise.all([
    elsewhere('One', fields, rows(5), words),
    elsewhere('Other', fields, rows(1), words),
  ])
  expect(sheet(one)).toBe(sheet(await xlsxOf('One', fields, rows(5), words)))
  expect(sheet(other)).toBe(sheet(await xlsxOf('Other', fields, rows(1), words)))
  expect(sheet(one).match(/<row /g)).toHaveLength(1_001)
})

test('rows that cannot be read end the export with their error, and the next one is whole', async () => {
  const { xlsxOf: elsewhere } = thread()
  async function* broken() {
    yield* rows(1)
    throw new Error('the disk went')
  }
  await expect(elsewhere('One', fields, broken(), words)).rejects.toThrow('the disk went')
  expect(sheet(await elsewhere('One', fields, rows(1), words)).match(/<row /g)).toHaveLength(201)
})

test('an export whose thread ends says so', async () => {
  const sheets = thread()
  const exporting = sheets.xlsxOf('One', fields, rows(50), words)
  const ended = expect(exporting).rejects.toMatchObject({ code: 'internal' })
  await new Promise(resolve => setImmediate(resolve))
  await sheets.close()
  await ended
})
