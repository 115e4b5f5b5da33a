import { readFile } from 'node:fs/promises'
import { extname, join, normalize, sep } from 'node:path'
import { protocol } from 'electron'

/** Where the window's page lives. A scheme of its own, because file: pages may read any file. */
export const appOrigin = 'app://hearth'

const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  // KaTeX and code highlighting set styles on the elements they draw.
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/**
 * The worker that reads strangers' documents (renderer/features/documents) shows nothing and needs less, and one thing
 * more: the decoders of pictures inside a PDF are WebAssembly, from Hearth's own files.
 */
const workerPolicy = ["default-src 'none'", "script-src 'self' 'wasm-unsafe-eval'", "connect-src 'self'"].join('; ')
const isDocumentWorker = (pathname: string): boolean => /^\/assets\/document-worker-[\w-]+\.js$/.test(pathname)

const contentTypes: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.ttf': 'font/ttf',
  '.wasm': 'application/wasm',
}

/** Has to be called before Electron is ready. */
export function declareAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ])
}

/** A picture by its hash, with the type its bytes have; undefined when there is none. */
export type PictureSource = (hash: string) => Promise<{ type: string; bytes: Uint8Array<ArrayBuffer> } | undefined>

/**
 * @param folder the built window, with index.html at its top
 * @param picture what lies at /attachments/<hash>
 */
export function serveAppScheme(folder: string, picture: PictureSource): void {
  protocol.handle('app', async request => {
    const { host, pathname } = new URL(request.url)
    const hash = host === 'hearth' ? /^\/attachments\/([0-9a-f]{64})$/.exec(pathname)?.[1] : undefined
    return hash === undefined ? respond(folder, request) : showPicture(await picture(hash))
  })
}

/** Bytes under a hash never change, and are nothing but a picture, whatever they hold. */
function showPicture(found: Awaited<ReturnType<PictureSource>>): Response {
  if (!found) return new Response('not found', { status: 404 })
  return new Response(found.bytes, {
    headers: {
      'content-type': found.type,
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
      'cache-control': 'private, max-age=31536000, immutable',
    },
  })
}

async function respond(folder: string, request: Request): Promise<Response> {
  const url = new URL(request.url)
  const path = url.host === 'hearth' ? fileIn(folder, url.pathname) : undefined
  if (path === undefined) return new Response('not found', { status: 404 })
  try {
    const body = await readFile(path)
    return new Response(body, {
      headers: {
        'content-type': contentTypes[extname(path)] ?? 'application/octet-stream',
        'content-security-policy': isDocumentWorker(url.pathname) ? workerPolicy : contentSecurityPolicy,
        'x-content-type-options': 'nosniff',
      },
    })
  } catch {
    return new Response('not found', { status: 404 })
  }
}

/** @returns undefined for what lies outside the folder or is no path at all */
function fileIn(folder: string, pathname: string): string | undefined {
  let decoded: string
  try {
    decoded = decodeURIComponent(pathname)
  } catch {
    return undefined
  }
  const path = normalize(join(folder, decoded === '/' ? 'index.html' : decoded))
  return path.startsWith(normalize(folder) + sep) && !path.includes('\0') ? path : undefined
}
