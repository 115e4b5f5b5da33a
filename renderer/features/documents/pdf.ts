// The side of pdf.js that reads files; imported, it is used in this thread instead of a worker of its own.
import 'pdfjs-dist/legacy/build/pdf.worker.mjs'
import { getDocument, type PDFDocumentProxy, type PDFPageProxy } from 'pdfjs-dist/legacy/build/pdf.mjs'
import { mostAttachments } from '../../../preload/contract-limits.ts'
import { type DocumentContent, DocumentProblem } from './document.ts'

/** Pages of the longest document that is read whole. */
const mostPages = 1_000
/** Pixels of the largest picture inside a page that is decoded: a sheet of A3 at 600 dpi has 70 million. */
const mostPixels = 100_000_000

export interface PdfHelp {
  /** A file that pdf.js brings along: tables of Chinese, Japanese and Korean letters, decoders of pictures. */
  readonly asset: (name: string) => Promise<Uint8Array>
  /** A page as a picture; undefined for one with nothing on it. */
  readonly draw: (page: PDFPageProxy) => Promise<Uint8Array<ArrayBuffer> | undefined>
  /** Characters of the longest text. */
  readonly mostText: number
}

/**
 * What a PDF says: its text, or of a scan its pages. Scripts in it are never run, and nothing it names is loaded.
 * @throws DocumentProblem
 */
export async function readPdf(data: Uint8Array, help: PdfHelp): Promise<DocumentContent> {
  const loading = getDocument({
    data,
    BinaryDataFactory: assetsFrom(help.asset),
    CanvasFactory: OffscreenCanvases,
    FilterFactory: NoFilters,
    useWorkerFetch: false,
    useSystemFonts: false,
    // Letters are drawn as shapes: a worker has no document that could load fonts.
    disableFontFace: true,
    isEvalSupported: false,
    maxImageSize: mostPixels,
    verbosity: 0,
  })
  try {
    const pdf = await loading.promise
    return (await readText(pdf, help)) ?? (await readScan(pdf, help))
  } catch (error) {
    if (error instanceof DocumentProblem) throw error
    throw new DocumentProblem(error instanceof Error && error.name === 'PasswordException' ? 'encrypted' : 'broken')
  } finally {
    await loading.destroy()
  }
}

/** @returns undefined when no page holds a text */
async function readText(pdf: PDFDocumentProxy, { mostText }: PdfHelp): Promise<DocumentContent | undefined> {
  const pages: string[] = []
  let length = 0
  let taken = 0
  for (; taken < Math.min(pdf.numPages, mostPages); taken++) {
    // A page that cannot be read takes no other with it.
    const text = await pageText(pdf, taken + 1).catch(() => '')
    length += text.length + pageBreak.length
    if (length > mostText + pageBreak.length) break
    pages.push(text)
  }
  const spoken = pages.filter(text => text !== '')
  if (spoken.length === 0) {
    if (taken < Math.min(pdf.numPages, mostPages)) throw new DocumentProblem('too-large')
    return undefined
  }
  const part = taken < pdf.numPages ? { pages: taken, of: pdf.numPages } : null
  return { kind: 'text', text: spoken.join(pageBreak), part, mute: taken - spoken.length }
}

const pageBreak = '\n\n'

/** The lines of a page, and what was filled into its fields. */
async function pageText(pdf: PDFDocumentProxy, number: number): Promise<string> {
  const page = await pdf.getPage(number)
  try {
    const { items } = await page.getTextContent()
    const lines = items.map(item => ('str' in item ? `${item.str}${item.hasEOL ? '\n' : ''}` : '')).join('')
    const fields = (await page.getAnnotations()).map(filledField)
    return [lines, ...fields]
      .map(text => text.replace(/[^\S\n]+$/gm, '').trim())
      .filter(text => text !== '')
      .join('\n')
  } finally {
    page.cleanup()
  }
}

/** A field of a form (ISO 32000-1, 12.7) with its value; empty for what is none, or has none. */
function filledField({ subtype, fieldName, alternativeText, fieldValue }: Record<string, unknown>): string {
  if (subtype !== 'Widget' || typeof fieldValue !== 'string' || fieldValue.trim() === '') return ''
  return `${alternativeText || fieldName}: ${fieldValue}`
}

async function readScan(pdf: PDFDocumentProxy, { draw }: PdfHelp): Promise<DocumentContent> {
  const pictures: Uint8Array<ArrayBuffer>[] = []
  const taken = Math.min(pdf.numPages, mostAttachments)
  let broken = 0
  for (let number = 1; number <= taken; number++) {
    try {
      const page = await pdf.getPage(number)
      const picture = await draw(page)
      if (picture) pictures.push(picture)
      page.cleanup()
    } catch {
      broken++
    }
  }
  if (pictures.length === 0) throw new DocumentProblem(broken > 0 ? 'broken' : 'empty')
  const part = pictures.length < pdf.numPages ? { pages: pictures.length, of: pdf.numPages } : null
  return { kind: 'pages', pictures, part }
}

/** The files of pdf.js by their names alone, whatever addresses the document would like. */
function assetsFrom(asset: PdfHelp['asset']) {
  return class {
    fetch({ filename }: { filename: string }): Promise<Uint8Array> {
      return asset(filename)
    }
  }
}

/** Canvases that pdf.js draws parts of a page on, as a worker has them. */
class OffscreenCanvases {
  create(width: number, height: number) {
    const canvas = new OffscreenCanvas(width, height)
    return { canvas, context: canvas.getContext('2d', { willReadFrequently: true }) }
  }
  reset({ canvas }: { canvas: OffscreenCanvas }, width: number, height: number): void {
    canvas.width = width
    canvas.height = height
  }
  destroy({ canvas }: { canvas: OffscreenCanvas }): void {
    this.reset({ canvas }, 0, 0)
  }
}

/** pdf.js asks for filters made of SVG, which a worker has not; pages of a scan need none. */
class NoFilters {
  addFilter = () => 'none'
  addHCMFilter = () => 'none'
  addAlphaFilter = () => 'none'
  addLuminosityFilter = () => 'none'
  addHighlightHCMFilter = () => 'none'
  destroy(): void {}
}
