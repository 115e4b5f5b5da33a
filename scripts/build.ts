import { createHash, randomUUID } from 'node:crypto'
import { existsSync, linkSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { dependencyFile, projectFolder } from './project.ts'
import { run } from './run.ts'

const out = join(projectFolder, 'out')
const stampFile = join(out, 'sources.sha256')
const lockFile = join(out, 'building.lock')

/** Everything the built files come from. */
const sources = [
  ...['main', 'preload', 'renderer', 'forms'],
  ...['electron.vite.config.ts', 'scripts/dist/bundled-packages.ts', 'package.json', 'package-lock.json'],
]

/**
 * Builds out/ unless it was made from exactly the present sources. Two at once build one after the other.
 *
 * @param onBuild called, and waited for, when it has to build
 * @returns true when it had to
 * @throws Error with the builder's output when the sources do not build
 */
export async function ensureBuilt(onBuild: () => Promise<void> = async () => {}): Promise<boolean> {
  mkdirSync(out, { recursive: true })
  const unlock = await lock()
  try {
    const stamp = hashOfSources()
    if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return false
    await onBuild()
    await build()
    writeFileSync(stampFile, stamp)
    return true
  } finally {
    unlock()
  }
}

/**
 * Builds beside out/ and puts the parts in its place by renaming: whoever starts meanwhile finds the old or the new.
 */
async function build(): Promise<void> {
  const fresh = join(out, 'fresh')
  rmSync(fresh, { recursive: true, force: true })
  const cli = dependencyFile('electron-vite', 'bin', 'electron-vite.js')
  const env = { ...process.env, HEARTH_BUILD_FOLDER: fresh }
  const built = await run(process.execPath, [cli, 'build', '--logLevel', 'warn'], { cwd: projectFolder, env })
  if (built.code !== 0) throw new Error(`The build failed:\n${built.output}`)
  rmSync(stampFile, { force: true })
  for (const part of readdirSync(fresh)) {
    const old = join(fresh, `old-${part}`)
    if (existsSync(join(out, part))) renameSync(join(out, part), old)
    renameSync(join(fresh, part), join(out, part))
  }
  rmSync(fresh, { recursive: true })
}

function hashOfSources(): string {
  const hash = createHash('sha256')
  const add = (path: string) => {
    const absolute = join(projectFolder, path)
    if (!existsSync(absolute)) return
    hash.update(`${path}\0`).update(readFileSync(absolute)).update('\0')
  }
  for (const source of sources) {
    if (source.includes('.')) {
      add(source)
      continue
    }
    const files = readdirSync(join(projectFolder, source), { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile())
      .map(entry => join(entry.parentPath, entry.name).slice(projectFolder.length + 1))
    for (const file of files.sort()) add(file)
  }
  return hash.digest('hex')
}

/** Held as long as this process lives; a lock whose owner is gone is taken over. */
async function lock(): Promise<() => void> {
  // Also within one process two may wait for the same lock.
  const signed = `${lockFile}.${process.pid}-${randomUUID()}`
  writeFileSync(signed, String(process.pid))
  try {
    for (;;) {
      try {
        // A link comes into being with its content, so nobody ever reads a lock without an owner.
        linkSync(signed, lockFile)
        return () => rmSync(lockFile, { force: true })
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      }
      await sleep(200)
      if (ownerIsGone()) rmSync(lockFile, { force: true })
    }
  } finally {
    rmSync(signed, { force: true })
  }
}

function ownerIsGone(): boolean {
  try {
    process.kill(Number(readFileSync(lockFile, 'utf8')), 0)
    return false
  } catch (error) {
    // ESRCH: no such process. ENOENT: given back in between. EPERM: somebody else's, and alive.
    return (error as NodeJS.ErrnoException).code === 'ESRCH'
  }
}

if (process.argv[1] === import.meta.filename) {
  try {
    console.log((await ensureBuilt()) ? 'Built.' : 'out/ is up to date.')
  } catch (error) {
    console.error((error as Error).message)
    process.exitCode = 1
  }
}
