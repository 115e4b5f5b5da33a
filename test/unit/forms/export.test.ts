import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import readXlsxFile from 'read-excel-file/node'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Field, JsonObject } from '../../../forms/field.ts'
import type { ExportFormat } from '../../../main/forms/export/export.ts'
import { Forms } from '../../../main/forms/forms.ts'
import type { InferenceEvent } from '../../../main/inference/requests.ts'
import { temporaryHome } from '../conversations/temporary-home.ts'

const fields: Field[] = [
  { key: 'shop', title: '商店', required: true, shape: { kind: 'text' } },
  { key: 'total', required: false, shape: { kind: 'number', whole: false } },
  { key: 'day', required: false, shape: { kind: 'date', form: 'date' } },
  { key: 'paid', required: false, shape: { kind: 'yes-no' } },
  {
    key: 'place',
    required: false,
    shape: { kind: 'group', fields: [{ key: 'town', required: false, shape: { kind: 'text' } }] },
  },
  {
    key: 'items',
    required: false,
    shape: {
      kind: 'list',
      item: {
        kind: 'group',
        fields: [
          { key: 'item', required: true, shape: { kind: 'text' } },
          { key: 'price', required: false, shape: { kind: 'number', whole: false } },
        ],
      },
    },
  },
]

const answers: JsonObject[] = [
  {
    ...{ shop: '面包店, "林记"', total: -12.5, day: '2026-11-18', paid: true, place: { town: '上海' } },
    items: [
      { item: 'Rye\nbread', price: 8.4 },
      { item: '=SUM(A1:A9)', price: null },
    ],
  },
  { shop: '=HYPERLINK("http://evil.example","click")', total: null, day: null, paid: false, place: null, items: [] },
  { shop: '@cmd', total: 0, day: '1066-10-14', paid: null, place: { town: '\t=1+1' }, items: [] },
]

/** A file with these answers, written as the window has it written. */
async function exported(format: ExportFormat, given = answers): Promise<Buffer> {
  const home = temporaryHome()
  let next = 0
  async function* chat(): AsyncGenerator<InferenceEvent> {
    yield { type: 'delta', content: JSON.stringify(given[next++]) }
    yield { type: 'done', reason: 'stop' }
  }
  const forms = new Forms({
    ...{ home, inference: { chat }, checkFormat: async () => undefined, now: () => Date.UTC(2026, 10, 21) },
    transcript: async () => ({ title: '', text: '', pictures: [] }),
  })
  onTestFinished(() => forms.close())
  const { formId } = await forms.create({ name: 'Receipts: 收据/2026', instructions: '', fields })
  const sources = given.map((_, index) => ({ kind: 'text' as const, name: `+${index}.txt`, text: 'x' }))
  await forms.run({ formId, model: 'tiny', sources, first: false })
  let waiting = given.length
  forms.watchList(event => {
    if (event.type === 'forms') waiting = event.forms[0]?.waiting ?? waiting
  })
  await expect.poll(() => waiting).toBe(0)
  const request = { formId, format, language: 'en' as const }
  expect(await forms.files.nameFor(request)).toBe(`Receipts 收据 2026.${format}`)
  const path = join(home, 'file')
  for await (const _ of forms.files.export(request, path));
  return readFileSync(path)
}

/** RFC 4180, read anew: quotes double, line ends inside them belong to the cell. */
function readCsv(text: string): string[][] {
  const rows = text.slice(1).match(/(?:"(?:[^"]|"")*"|[^"\r])*\r\n/g) ?? []
  return rows.map(row =>
    (row.slice(0, -2).match(/(?:^|,)(?:"(?:[^"]|"")*"|[^",]*)/g) ?? []).map(cell =>
      cell.replace(/^,/, '').replace(/^"([\s\S]*)"$/, (_, inner: string) => inner.replaceAll('""', '"')),
    ),
  )
}

describe('rows of a form in a file', () => {
  test('as CSV: Chinese for Excel, quotes and line ends kept, and no text that a spreadsheet would run', async () => {
    const file = await exported('csv')
    expect(file.subarray(0, 3)).toEqual(Buffer.from([0xef, 0xbb, 0xbf]))
    expect(readCsv(file.toString('utf8'))).toEqual([
      ['Source', '商店', 'total', 'day', 'paid', 'place / town', 'items'],
      // A number that is below nothing stays a number.
      [
        "'+0.txt",
        '面包店, "林记"',
        '-12.5',
        '2026-11-18',
        'true',
        '上海',
        'item: Rye\nbread, price: 8.4; item: =SUM(A1:A9)',
      ],
      ["'+1.txt", `'=HYPERLINK("http://evil.example","click")`, '', '', 'false', '', ''],
      ["'+2.txt", "'@cmd", '0', '1066-10-14', '', "'\t=1+1", ''],
    ])
  })

  test('as a workbook: values of their kinds, and a sheet for the list', async () => {
    const file = await exported('xlsx')
    const [rows, items] = await readXlsxFile(file)
    expect(rows?.data).toEqual([
      ['Source', '商店', 'total', 'day', 'paid', 'place / town', 'items'],
      [
        '+0.txt',
        '面包店, "林记"',
        -12.5,
        new Date('2026-11-18'),
        true,
        '上海',
        'item: Rye\nbread, price: 8.4; item: =SUM(A1:A9)',
      ],
      ['+1.txt', '=HYPERLINK("http://evil.example","click")', null, null, false, null, null],
      ['+2.txt', '@cmd', 0, '1066-10-14', null, expect.stringContaining('=1+1'), null],
    ])
    expect(items?.sheet).toBe('items')
    expect(items?.data).toEqual([
      ['Source', 'No.', 'item', 'price'],
      ['+0.txt', 1, 'Rye\nbread', 8.4],
      ['+0.txt', 2, '=SUM(A1:A9)', null],
    ])
    // As formulas they would stand in <f>.
    expect(file.includes('<f>')).toBe(false)
  })

  test('as a workbook, with what XML cannot hold left out', async () => {
    const shop = 'a\u0000b\u0008c\ud800d\ufffee'
    const [rows] = await readXlsxFile(await exported('xlsx', [{ ...answers[1], shop }]))
    expect(rows?.data[1]?.[1]).toBe('abcde')
  })

  test('as JSON: the answers as they are, with their schema', async () => {
    const read = JSON.parse((await exported('json')).toString('utf8'))
    expect(read.form).toBe('Receipts: 收据/2026')
    expect(Object.keys(read.schema.properties)).toEqual(['shop', 'total', 'day', 'paid', 'place', 'items'])
    expect(read.rows.map(({ answer }: { answer: unknown }) => answer)).toEqual(answers)
    expect(read.rows[0]).toMatchObject({ source: '+0.txt', kind: 'text', model: 'tiny', corrected: false })
  })
})
