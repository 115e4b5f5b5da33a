import { mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'

const abandonedAfterHours = 6

/** The folder for what can be made again, by the custom of each system (XDG base directories on Linux). */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env, platform: string = process.platform): string {
  if (platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'hearth')
  if (platform === 'win32') return join(env.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'), 'hearth', 'Cache')
  return join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'hearth')
}

/**
 * Fills a folder so that it is either whole or not there, whoever kills us and however many do this at once: `fill`
 * works in a neighbouring folder, which takes the final name at the end. The first to end wins.
 */
export async function makeFolderOnce(folder: string, fill: (unfinished: string) => Promise<void>): Promise<void> {
  const parent = dirname(folder)
  await mkdir(parent, { recursive: true })
  await removeAbandoned(parent)
  const unfinished = await mkdtemp(join(parent, '.unfinished-'))
  try {
    await fill(unfinished)
    await rename(unfinished, folder)
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true })
    const code = (error as NodeJS.ErrnoException).code
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST' && code !== 'EPERM') throw error
    // Renaming onto a folder that is there fails so (EPERM on Windows): somebody else was faster.
    await stat(folder)
  }
}

async function removeAbandoned(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    if (!name.startsWith('.unfinished-')) continue
    const path = join(parent, name)
    const age = Date.now() - (await stat(path).catch(() => ({ mtimeMs: Date.now() }))).mtimeMs
    if (age > abandonedAfterHours * 3_600_000) await rm(path, { recursive: true, force: true })
  }
}
