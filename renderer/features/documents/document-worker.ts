import type { PDFPageProxy } from 'pdfjs-dist/legacy/build/pdf.mjs'
import { encodePicture } from '../pictures/encode-picture.ts'
import { type DocumentContent, DocumentProblem, type DocumentTrouble, documentKind, oleTrouble } from './document.ts'
import { readDocx } from './docx.ts'
import { readPdf } from './pdf.ts'

/*
 * Reads one stranger's file, beside the page and apart from it: what hangs or breaks ends with this worker. It is as
 * sandboxed as the page, and its own policy (main/desktop/app-protocol.ts) lets it fetch Hearth's own files alone.
 */

export interface DocumentRequest {
  readonly bytes: Uint8Array<ArrayBuffer>
  /** Characters of the longest text. */
  readonly mostText: number
}

export type DocumentReply =
  | { readonly type: 'read'; readonly content: DocumentContent }
  | { readonly type: 'refused'; readonly trouble: DocumentTrouble }

/** Pixels of a page's longer side: 140 to the inch on A4, enough for the small print, little enough for a model. */
const longestSide = 1600

/** Addresses of the files pdf.js brings along, by their names. */
const assets = Object.fromEntries(
  Object.entries(
    import.meta.glob<string>(
      ['../../../node_modules/pdfjs-dist/cmaps/*.bcmap', '../../../node_modules/pdfjs-dist/wasm/{jbig2,openjpeg}.wasm'],
      { query: '?url&no-inline', import: 'default', eager: true },
    ),
  ).map(([path, address]) => [path.slice(path.lastIndexOf('/') + 1), address]),
)

self.addEventListener('message', ({ data }: MessageEvent<DocumentRequest | undefined>) => {
  if (data?.bytes) void answer(data)
})

async function answer(request: DocumentRequest): Promise<void> {
  try {
    const content = await read(request)
    const transfer = content.kind === 'pages' ? content.pictures.map(({ buffer }) => buffer) : []
    reply({ type: 'read', content }, transfer)
  } catch (error) {
    reply({ type: 'refused', trouble: error instanceof DocumentProblem ? error.trouble : 'broken' })
  }
}

const reply = (message: DocumentReply, transfer: Transferable[] = []) => self.postMessage(message, { transfer })

async function read({ bytes, mostText }: DocumentRequest): Promise<DocumentContent> {
  const kind = documentKind(bytes)
  if (kind === 'docx') return readDocx(bytes, mostText)
  if (kind === 'ole') throw new DocumentProblem(oleTrouble(bytes))
  return readPdf(bytes, { asset, draw, mostText })
}

async function asset(name: string): Promise<Uint8Array> {
  const address = Object.hasOwn(assets, name) ? assets[name] : undefined
  if (address === undefined) throw new Error(`pdf.js brings no ${name} along`)
  return new Uint8Array(await (await fetch(address)).arrayBuffer())
}

/** @returns undefined for a page with nothing on it */
async function draw(page: PDFPageProxy): Promise<Uint8Array<ArrayBuffer> | undefined> {
  // As for printing: on a screen it would wait for frames, which a worker has none of.
  const intent = 'print'
  const { fnArray } = await page.getOperatorList({ intent })
  if (fnArray.length === 0) return undefined
  const { width, height } = page.getViewport({ scale: 1 })
  const viewport = page.getViewport({ scale: longestSide / Math.max(width, height) })
  const canvas = new OffscreenCanvas(Math.max(1, Math.round(viewport.width)), Math.max(1, Math.round(viewport.height)))
  // Its types know the page's canvas alone.
  const canvasContext = canvas.getContext('2d') as unknown as CanvasRenderingContext2D
  await page.render({ canvas: null, canvasContext, viewport, intent }).promise
  return encodePicture(canvas, longestSide)
}
