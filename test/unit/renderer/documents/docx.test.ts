import { strToU8, zipSync } from 'fflate'
import { expect, test } from 'vitest'
import { documentKind, oleTrouble } from '../../../../renderer/features/documents/document.ts'
import { readDocx } from '../../../../renderer/features/documents/docx.ts'
import { decodedText } from '../../../../renderer/features/documents/text.ts'
import { fixture } from './files.ts'

const most = 100_000
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument'
const relations = (target: string) =>
  strToU8(
    `<?xml version="1.0"?><Relationships><Relationship Id="1" Type="${office}" Target="${target}"/></Relationships>`,
  )
const body = (xml: string) => `<w:document xmlns:w="w"><w:body>${xml}</w:body></w:document>`
const docx = (xml: string, more: Record<string, Uint8Array> = {}) =>
  zipSync({ '_rels/.rels': relations('word/document.xml'), 'word/document.xml': strToU8(xml), ...more })
const text = (xml: string) => readDocx(docx(body(xml)), most)

test('a letter as LibreOffice writes it: heading, list, table, Chinese', async () => {
  const bytes = await fixture('letter.docx')
  expect(documentKind(bytes)).toBe('docx')
  expect(readDocx(bytes, most)).toEqual({
    kind: 'text',
    text: `Order 4711
Zelda has a parrot and is 27 years old.
- first point
- second point
Item | Price
Rye bread | 4.20
罂粟籽蛋糕 | 3.80
合计八元，谢谢惠顾。`,
    part: null,
    mute: 0,
  })
})

test('Word says some things twice, and keeps what was deleted: neither is read', () => {
  const shape = `<mc:AlternateContent><mc:Choice><w:txbxContent><w:p><w:r><w:t>box</w:t></w:r></w:p></w:txbxContent>
    </mc:Choice><mc:Fallback><w:txbxContent><w:p><w:r><w:t>box</w:t></w:r></w:p></w:txbxContent></mc:Fallback></mc:AlternateContent>`
  expect(
    text(`<w:p><w:pPr><w:tabs><w:tab w:pos="1"/></w:tabs><w:numPr/><w:pPrChange><w:pPr><w:numPr/></w:pPr></w:pPrChange></w:pPr>
      <w:r><w:t xml:space="preserve">a </w:t><w:tab/><w:t>b</w:t><w:br/><w:t>&lt;c&gt; &#128512;</w:t></w:r>
      <w:del><w:r><w:delText>gone</w:delText></w:r></w:del><w:moveFrom><w:r><w:t>moved</w:t></w:r></w:moveFrom>
      <w:r><w:instrText>HYPERLINK</w:instrText></w:r></w:p><w:p><w:r>${shape}<w:t>after</w:t></w:r></w:p>`),
  ).toMatchObject({ text: '- a \tb\n<c> 😀\nbox\nafter' })
})

test('tables in tables, notes, and a part by another name', () => {
  const row = (...cells: string[]) => `<w:tr>${cells.map(cell => `<w:tc>${cell}</w:tc>`).join('')}</w:tr>`
  const p = (words: string) => `<w:p><w:r><w:t>${words}</w:t></w:r></w:p>`
  const inner = `<w:tbl>${row(p('x'), p('y'))}</w:tbl>`
  const bytes = zipSync({
    '_rels/.rels': relations('/word/document2.xml'),
    'word/document2.xml': strToU8(body(`<w:tbl>${row(p('1'), p('2') + inner)}</w:tbl>`)),
    'word/footnotes.xml': strToU8(`<w:footnotes>${p('a note')}</w:footnotes>`),
  })
  expect(readDocx(bytes, most)).toMatchObject({ text: '1 | 2 x | y\n\na note' })
})

test('entities of a file mean nothing: no file is read, and laughter does not grow', () => {
  const laughs = Array.from({ length: 9 }, (_, n) => `<!ENTITY l${n + 1} "${`&l${n};`.repeat(10)}">`).join('')
  const head = `<?xml version="1.0"?><!DOCTYPE w [<!ENTITY l0 "ha"><!ENTITY f SYSTEM "file:///etc/passwd">${laughs}]>`
  const { text } = readDocx(docx(head + body('<w:p><w:r><w:t>so: &l9; &f;</w:t></w:r></w:p>')), most) as {
    text: string
  }
  expect(text).toBe('so: &l9; &f;')
})

// Names that every object has.
test('elements named like parts of the language are elements', () => {
  expect(
    text('<constructor/><__proto__/><w:p><toString/><w:r><w:t>here</w:t></w:r></w:p></hasOwnProperty>'),
  ).toMatchObject({
    text: 'here',
  })
})

/** A zip whose index says another size for all that is in it: it stands 24 bytes after each entry's mark. */
function claiming(zip: Uint8Array, size: number): Uint8Array {
  const lying = zip.slice()
  const view = new DataView(lying.buffer)
  for (let at = 0; at < lying.length - 46; at++) {
    if (view.getUint32(at, true) === 0x02014b50) view.setUint32(at + 24, size, true)
  }
  return lying
}

test('a zip bomb is refused by its index, and one whose index lies unpacks no more than that', () => {
  const bomb = docx(body(`<w:p><w:r><w:t>${'ha'.repeat(500_000)}</w:t></w:r></w:p>`))
  expect(() => readDocx(claiming(bomb, 4_000_000_000), most)).toThrow(expect.objectContaining({ trouble: 'too-large' }))
  const { text } = readDocx(claiming(bomb, 300), most) as { text: string }
  expect(text.length).toBeLessThan(300)
})

test('what is too long, empty, cut off or another kind of zip is told as such', async () => {
  const letter = await fixture('letter.docx')
  const trouble = (bytes: Uint8Array, most = 100) => {
    try {
      return readDocx(bytes, most)
    } catch (error) {
      return (error as { trouble?: string }).trouble
    }
  }
  expect(trouble(letter, 20)).toBe('too-large')
  expect(trouble(docx(body('<w:p/>')))).toBe('empty')
  expect(trouble(letter.subarray(0, 3_000))).toBe('broken')
  expect(trouble(zipSync({ '_rels/.rels': relations('word/document.xml') }))).toBe('broken')
  expect(trouble(zipSync({ '_rels/.rels': relations('xl/workbook.xml') }))).toBe('unknown')
  expect(trouble(zipSync({ 'photo.jpg': new Uint8Array(9) }))).toBe('unknown')
})

test('files of old Word and locked DOCX are told apart', () => {
  const head = Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1)
  const locked = new Uint8Array([
    ...head,
    ...new Uint8Array(600),
    ...[...strToU8('EncryptedPackage')].flatMap(byte => [byte, 0]),
  ])
  expect(documentKind(head)).toBe('ole')
  expect(oleTrouble(head)).toBe('old-word')
  expect(oleTrouble(locked)).toBe('encrypted')
})

test('a text file is read in the encoding it is in; what is no text is told apart', () => {
  expect(documentKind(strToU8('plain'))).toBeUndefined()
  expect(decodedText(strToU8('Grüße 你好'))).toBe('Grüße 你好')
  // 你好 as Chinese Windows writes it.
  expect(decodedText(Uint8Array.of(0xc4, 0xe3, 0xba, 0xc3))).toBe('你好')
  expect(decodedText(Uint8Array.of(0xff, 0xfe, 0x60, 0x4f))).toBe('你')
  expect(decodedText(Uint8Array.of(0x25, 0x50, 0x44, 0x46, 0x00, 0x01))).toBeUndefined()
})
