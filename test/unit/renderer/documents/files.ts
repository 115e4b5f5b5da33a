import toUnicode from 'pdfjs-dist/cmaps/Adobe-GB1-UCS2.bcmap?url&inline'
import encoding from 'pdfjs-dist/cmaps/UniGB-UCS2-H.bcmap?url&inline'

const fixtures = import.meta.glob<string>('../../../fixtures/documents/*.{pdf,docx}', {
  query: '?url&inline',
  import: 'default',
})
const tables: Record<string, string> = { 'Adobe-GB1-UCS2.bcmap': toUnicode, 'UniGB-UCS2-H.bcmap': encoding }

/** The bytes of a document made for tests. */
export const fixture = async (name: string) => bytesAt(await fixtures[`../../../fixtures/documents/${name}`]?.())

/** A table that pdf.js brings along for Chinese. */
export const table = (name: string) => bytesAt(tables[name])

async function bytesAt(address: string | undefined): Promise<Uint8Array<ArrayBuffer>> {
  if (address === undefined) throw new Error('there is no such file')
  return new Uint8Array(await (await fetch(address)).arrayBuffer())
}
