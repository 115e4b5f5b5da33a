import { mostSourceText } from '../../../preload/contract-limits.ts'
import { type DocumentContent, DocumentProblem, documentHeadBytes, documentKind } from './document.ts'
import type { DocumentReply, DocumentRequest } from './document-worker.ts'
import { decodedText } from './text.ts'

/** Bytes of the largest file that is opened; of texts, a character takes up to four. */
const mostFileBytes = 100_000_000
const mostTextBytes = mostSourceText * 4
/** Milliseconds that one file may take; a thousand pages take a tenth of it. */
const patience = 120_000

/**
 * What a file says: a PDF or DOCX by its first bytes, whatever it is called; else a text.
 * @throws DocumentProblem
 */
export async function readDocument(file: Blob): Promise<DocumentContent> {
  const head = new Uint8Array(await file.slice(0, documentHeadBytes).arrayBuffer())
  const kind = documentKind(head)
  if (file.size > (kind ? mostFileBytes : mostTextBytes)) throw new DocumentProblem('too-large')
  const bytes = new Uint8Array(await file.arrayBuffer())
  return kind ? await readApart(bytes) : plainText(bytes)
}

function plainText(bytes: Uint8Array): DocumentContent {
  const text = decodedText(bytes)
  if (text === undefined) throw new DocumentProblem('unknown')
  if (text.trim() === '') throw new DocumentProblem('empty')
  if (text.length > mostSourceText) throw new DocumentProblem('too-large')
  return { kind: 'text', text, part: null, mute: 0 }
}

/** Reads a stranger's file in a worker of its own, which is ended after it. */
async function readApart(bytes: Uint8Array<ArrayBuffer>): Promise<DocumentContent> {
  const worker = new Worker(new URL('./document-worker.ts', import.meta.url), { type: 'module' })
  let timer: ReturnType<typeof setTimeout> | undefined
  try {
    return await new Promise<DocumentContent>((resolve, reject) => {
      timer = setTimeout(() => reject(new DocumentProblem('too-slow')), patience)
      worker.addEventListener('message', ({ data }: MessageEvent<DocumentReply>) => {
        // pdf.js says a word of its own when it is loaded.
        if (data.type === 'read') resolve(data.content)
        if (data.type === 'refused') reject(new DocumentProblem(data.trouble))
      })
      worker.addEventListener('error', event => {
        // Told to the person, and not to the console.
        event.preventDefault()
        reject(new DocumentProblem('broken'))
      })
      const request: DocumentRequest = { bytes, mostText: mostSourceText }
      worker.postMessage(request, [bytes.buffer])
    })
  } finally {
    clearTimeout(timer)
    worker.terminate()
  }
}
