import { expect, test } from 'vitest'
import type { DocumentContent } from '../../../../renderer/features/documents/document.ts'
import { readPdf } from '../../../../renderer/features/documents/pdf.ts'
import { fixture, table } from './files.ts'

/** What pdf.js asked for, by name. */
const asked: string[] = []
const read = (data: Uint8Array, mostText = 100_000): Promise<DocumentContent> =>
  readPdf(data, {
    mostText,
    asset: async name => {
      asked.push(name)
      return await table(name)
    },
    draw: async page =>
      (await page.getOperatorList()).fnArray.length > 0 ? Uint8Array.of(page.pageNumber) : undefined,
  })

/** A file of one page for each content stream, as an editor would write it: pdf.js mends the missing index. */
function pdf(pages: readonly string[], catalog = ''): Uint8Array {
  const kids = pages.map((_, index) => `${10 + 2 * index} 0 R`).join(' ')
  const objects = pages.map(
    (content, index) => `${10 + 2 * index} 0 obj
<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents ${11 + 2 * index} 0 R
/Resources << /Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>
endobj
${11 + 2 * index} 0 obj
<< /Length ${content.length} >>
stream
${content}
endstream
endobj`,
  )
  return new TextEncoder().encode(`%PDF-1.7
1 0 obj
<< /Type /Catalog /Pages 2 0 R ${catalog} >>
endobj
2 0 obj
<< /Type /Pages /Count ${pages.length} /Kids [${kids}] >>
endobj
${objects.join('\n')}
trailer << /Root 1 0 R >>
%%EOF`)
}
const says = (text: string) => `BT /F 12 Tf 20 100 Td (${text}) Tj ET`
const box = '20 20 50 50 re f'

test('a text of two pages, as LibreOffice writes it', async () => {
  const text = 'Percival has a hamster and is 38 years old.\n\nMagnus has a cat and is 16 years old.'
  expect(await read(await fixture('report.pdf'))).toEqual({ kind: 'text', text, part: null, mute: 0 })
})

// Without the tables the letters would be guessed wrong, or missing.
test('Chinese in a font that is not in the file, by tables that come along', async () => {
  expect(await read(await fixture('chinese.pdf'))).toMatchObject({ text: '王小明养了一只仓鼠，今年三十八岁。' })
  expect(asked).toContain('UniGB-UCS2-H.bcmap')
})

test('what was filled into a form is part of its text', async () => {
  expect(await read(await fixture('form.pdf'))).toMatchObject({ text: 'Application\nPet: hamster' })
})

test('a scan is its pages, in their order', async () => {
  const pictures = [Uint8Array.of(1), Uint8Array.of(2), Uint8Array.of(3), Uint8Array.of(4)]
  expect(await read(await fixture('scan.pdf'))).toEqual({ kind: 'pages', pictures, part: null })
})

test('of a long scan ten pages are taken, and it says so; empty ones are none', async () => {
  const long = await read(pdf(Array.from({ length: 12 }, () => box)))
  expect(long).toMatchObject({ kind: 'pages', part: { pages: 10, of: 12 } })
  await expect(read(pdf(['', '']))).rejects.toMatchObject({ trouble: 'empty' })
})

test('pages without text among others are counted', async () => {
  expect(await read(pdf([says('one'), box, says('three')]))).toEqual({
    kind: 'text',
    text: 'one\n\nthree',
    part: null,
    mute: 1,
  })
})

test('a text beyond the limit ends at a page, and says so; where that is the first, it is too large', async () => {
  const pages = [says('12345'), says('67890'), says('abcde')]
  expect(await read(pdf(pages), 12)).toMatchObject({ text: '12345\n\n67890', part: { pages: 2, of: 3 } })
  await expect(read(pdf(pages), 4)).rejects.toMatchObject({ trouble: 'too-large' })
})

test.each([
  ['encrypted', () => fixture('encrypted.pdf'), 'encrypted'],
  ['cut off', async () => (await fixture('report.pdf')).subarray(0, 400), 'broken'],
  ['nothing but a head', async () => new TextEncoder().encode('%PDF-1.4\n\u0000\u0001\u0002'), 'broken'],
])('%s: told as such', async (_, bytes, trouble) => {
  await expect(read(await bytes())).rejects.toMatchObject({ trouble })
})

test('scripts are not run, and nothing a file names is loaded', async () => {
  const marks: unknown[] = []
  Object.assign(globalThis, {
    mark: (what: unknown) => marks.push(what),
    app: { alert: (what: unknown) => marks.push(what) },
  })
  const fetched = globalThis.fetch
  globalThis.fetch = async address => {
    marks.push(address)
    throw new Error('nothing is fetched')
  }
  try {
    const action = '/OpenAction << /S /JavaScript /JS (mark\\(1\\); app.alert\\(2\\)) >> /AA << /WC 3 0 R >>'
    expect(await read(pdf([says('quiet')], action))).toMatchObject({ text: 'quiet' })
    const remote =
      '/OpenAction << /S /URI /URI (http://example.com/) >> /Names << /EmbeddedFiles << /F (http://example.com/) >> >>'
    expect(await read(pdf([says('quiet')], remote))).toMatchObject({ text: 'quiet' })
  } finally {
    globalThis.fetch = fetched
  }
  expect(marks).toEqual([])
})
