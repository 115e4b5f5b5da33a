import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import readXlsxFile from 'read-excel-file/node'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Field, JsonObject } from '../../../forms/field.ts'
import type { ExportFormat } from '../../../main/forms/export/export.ts'
import { number, SheetTable } from '../../../main/forms/export/sheet-table.ts'
import { Forms } from '../../../main/forms/forms.ts'
import type { InferenceEvent } from '../../../main/inference/requests.ts'
import { singly } from '../../portions.ts'
import { temporaryHome } from '../conversations/temporary-home.ts'
import { runOn } from './run-on.ts'

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
    shop: '面包店, "林记"',
    total: -12.5,
    day: '2026-11-18',
    paid: true,
    place: { town: '上海' },
    items: [
      { item: 'Rye\nbread', price: 8.4 },
      { item: '=SUM(A1:A9)', price: null },
    ],
  },
  { shop: '=HYPERLINK("http://evil.example","click")', total: null, day: null, paid: false, place: null, items: [] },
  { shop: '@cmd', total: 0, day: '1066-10-14', paid: null, place: { town: '\t=1+1' }, items: [] },
]

/** A form of which each source has been read. @param chat answers one after the other */
async function filled(chat: () => AsyncGenerator<InferenceEvent>, count: number) {
  const home = temporaryHome()
  const forms = new Forms({
    home,
    inference: { chat: () => singly(chat()) },
    checkFormat: async () => undefined,
    now: () => Date.UTC(2026, 10, 21),
    transcript: async () => ({ title: '', text: '', pictures: [] }),
  })
  onTestFinished(() => forms.close())
  const { formId } = await forms.create({ name: 'Receipts: 收据/2026', instructions: '', fields })
  const { hash } = await forms.addText({ text: 'x' })
  const sources = Array.from({ length: count }, (_, index) => ({
    kind: 'document' as const,
    name: `+${index}.txt`,
    hash,
  }))
  const { rowIds } = await runOn(forms, formId, sources)
  let waiting = count
  forms.watchList(event => {
    if (event.type === 'forms') waiting = event.forms[0]?.waiting ?? waiting
  })
  const rest = () => expect.poll(() => waiting).toBe(0)
  await rest()
  const taken = async (format: ExportFormat) => {
    const request = { formId, format, language: 'en' as const }
    expect(await forms.files.nameFor(request)).toBe(`Receipts 收据 2026.${format}`)
    const path = join(home, 'file')
    const writing = forms.files.export(request, path)
    for (;;) {
      const step = await writing.next()
      if (step.done) return { file: readFileSync(path), result: step.value }
    }
  }
  const again = async (...which: number[]) => {
    waiting = which.length
    await forms.runAgain({ formId, model: 'tiny', rowIds: which.map(index => rowIds[index] ?? '') })
  }
  return { taken, again, rest }
}

/** A file with these answers, written as the window has it written. */
async function exported(format: ExportFormat, given = answers) {
  let next = 0
  const { taken } = await filled(() => said(JSON.stringify(given[next++])), given.length)
  return await taken(format)
}

async function* said(content: string): AsyncGenerator<InferenceEvent> {
  yield { type: 'delta', content }
  yield { type: 'done', reason: 'stop' }
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
    const { file } = await exported('csv')
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
    const { file } = await exported('xlsx')
    const [rows, items] = await readXlsxFile(file)
    expect(rows?.data).toEqual([
      ['Row', 'Source', '商店', 'total', 'day', 'paid', 'place / town', 'items'],
      [
        1,
        '+0.txt',
        '面包店, "林记"',
        -12.5,
        new Date('2026-11-18'),
        true,
        '上海',
        'item: Rye\nbread, price: 8.4; item: =SUM(A1:A9)',
      ],
      [2, '+1.txt', '=HYPERLINK("http://evil.example","click")', null, null, false, null, null],
      [3, '+2.txt', '@cmd', 0, '1066-10-14', null, expect.stringContaining('=1+1'), null],
    ])
    expect(items?.sheet).toBe('items')
    expect(items?.data).toEqual([
      ['Row', 'Source', 'No.', 'item', 'price'],
      [1, '+0.txt', 1, 'Rye\nbread', 8.4],
      [1, '+0.txt', 2, '=SUM(A1:A9)', null],
    ])
    // As formulas they would stand in <f>.
    expect(file.includes('<f>')).toBe(false)
  })

  test('as a workbook, with what XML cannot hold left out', async () => {
    const shop = 'a\u0000b\u0008c\ud800d\ufffee'
    const [rows] = await readXlsxFile((await exported('xlsx', [{ ...answers[1], shop }])).file)
    expect(rows?.data[1]?.[2]).toBe('abcde')
  })

  test('as JSON: the answers as they are, with their schema', async () => {
    const read = JSON.parse((await exported('json')).file.toString('utf8'))
    expect(read.form).toBe('Receipts: 收据/2026')
    expect(Object.keys(read.schema.properties)).toEqual(['shop', 'total', 'day', 'paid', 'place', 'items'])
    expect(read.rows.map(({ answer }: { answer: unknown }) => answer)).toEqual(answers)
    expect(read.rows[0]).toMatchObject({ source: '+0.txt', kind: 'text', model: 'tiny', corrected: false })
  })

  // A row that was asked for anew, in vain or not yet, was missing from the file without a word.
  test('are all those with a whole answer, and the rest is counted', async () => {
    const [shop, total] = ['{"shop":"Aldi","total":', '1,"day":null,"paid":null,"place":null,"items":[]}']
    const scripts = [`${shop}${total}`, '', `${shop}`, `${shop}${total}`, `${shop}${total}`, '', shop, `${shop}2`]
    let hold: () => void = () => undefined
    const held = new Promise<void>(resolve => {
      hold = resolve
    })
    async function* chat(): AsyncGenerator<InferenceEvent> {
      const script = scripts.shift()
      if (script === undefined) await held
      yield* said(script ?? '')
    }
    // 0 is whole; 1 fails; 2 has no end; 3 and 4 are whole.
    const { taken, again, rest } = await filled(chat, 5)
    onTestFinished(hold)
    expect((await taken('csv')).result).toEqual({ rows: 3, leftOut: 2, cutTexts: 0 })
    // 0 fails, 2 and 3 have no end: what was whole stays.
    await again(0, 2, 3)
    await rest()
    expect((await taken('csv')).result).toEqual({ rows: 3, leftOut: 2, cutTexts: 0 })
    // 2 and 4 wait; what 2 holds has no end still.
    await again(2, 4)
    const { file, result } = await taken('csv')
    expect(result).toEqual({ rows: 3, leftOut: 2, cutTexts: 0 })
    expect(readCsv(file.toString('utf8')).map(([source]) => source)).toEqual([
      'Source',
      ...["'+0.txt", "'+3.txt", "'+4.txt"],
    ])
  })

  // Excel says such a file is damaged; what was left out of it was missing without a word.
  test('as a workbook, with a text cut where a cell holds no more, and told', async () => {
    const shop = `${'x'.repeat(32_766)}😀`
    const { file, result } = await exported('xlsx', [{ ...answers[1], shop }])
    const [rows] = await readXlsxFile(file)
    expect(rows?.data[1]?.[2]).toBe('x'.repeat(32_766))
    expect(result).toEqual({ rows: 1, leftOut: 0, cutTexts: 1 })
  })

  test('in a table go on in the next sheet where one is full', () => {
    const table = new SheetTable(['n'], 3)
    for (const n of [1, 2, 3, 4, 5]) table.push([number(n)])
    const values = table.sheets.map(sheet => sheet.map(row => row?.map(cell => (cell as { value: unknown }).value)))
    expect(values).toEqual([
      [['n'], [1], [2]],
      [['n'], [3], [4]],
      [['n'], [5]],
    ])
  })
})
