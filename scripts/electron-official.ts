import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { makeFolderOnce } from './cache-folder.ts'

/** Milliseconds without one new byte after which the download is given up: a blocked network must fail fast. */
const patience = 20_000

/**
 * Downloads Electron with the `electron` package's own downloader, checked against the checksums in that package, and
 * unpacks it into `folder`.
 * @param version of the `electron` package installed here
 * @param checksums SHA-256 by file name; those of the package unless a test brings its own
 * @throws Error in one line when the network, the checksum or the disk says no
 */
export async function downloadOfficial(
  version: string,
  platform: string,
  arch: string,
  folder: string,
  checksums: Record<string, string> = officialChecksums(),
): Promise<void> {
  const { downloadArtifact, ElectronDownloadCacheMode } =
    await ofElectronPackage<typeof import('@electron/get')>('@electron/get')
  const { extract } = await ofElectronPackage<typeof import('@electron-internal/extract-zip')>(
    '@electron-internal/extract-zip',
  )

  const stalled = new AbortController()
  let alarm: NodeJS.Timeout | undefined
  const wait = () => {
    clearTimeout(alarm)
    alarm = setTimeout(() => stalled.abort(new Error(`no byte came for ${patience / 1000} s`)), patience)
  }
  const temporary = await mkdtemp(join(tmpdir(), 'hearth-electron-'))
  try {
    wait()
    const zip = await downloadArtifact({
      version,
      platform,
      arch,
      artifactName: 'electron',
      checksums,
      // The unpacked folder is what is kept; the archive beside it would only take the space twice.
      cacheMode: ElectronDownloadCacheMode.Bypass,
      tempDirectory: temporary,
      downloadOptions: { signal: stalled.signal, quiet: true, getProgressCallback: async () => wait() },
    })
    clearTimeout(alarm)
    await makeFolderOnce(folder, unfinished => extract(zip, { dir: unfinished }))
  } catch (error) {
    throw new Error(firstCause(error))
  } finally {
    clearTimeout(alarm)
    await rm(temporary, { recursive: true, force: true })
  }
}

/** A dependency of the `electron` package, whichever version it brought along and wherever npm put it. */
async function ofElectronPackage<T>(name: string): Promise<T> {
  const electron = createRequire(createRequire(import.meta.url).resolve('electron/package.json'))
  return import(pathToFileURL(electron.resolve(name)).href)
}

function officialChecksums(): Record<string, string> {
  return JSON.parse(readFileSync(createRequire(import.meta.url).resolve('electron/checksums.json'), 'utf8'))
}

/** `fetch failed` says nothing; what lies behind it (no such host, refused, timed out) does. */
function firstCause(error: unknown): string {
  let last = error
  while (last instanceof Error && last.cause !== undefined) last = last.cause
  return last instanceof Error ? last.message || (last as NodeJS.ErrnoException).code || last.name : String(last)
}
