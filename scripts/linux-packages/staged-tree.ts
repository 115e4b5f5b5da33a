import { chmod, cp, mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { LinuxPackage } from './package.ts'

/**
 * Lays a package's files out as they will lie on the person's computer, hands the folder over, and removes it. Modes
 * are those Debian's policy asks for (755 for folders and programs, 644 for the rest), whatever this user's umask was.
 */
export async function withStagedTree<T>(
  files: LinuxPackage['files'],
  use: (root: string, workshop: string) => Promise<T>,
): Promise<T> {
  const workshop = await mkdtemp(join(tmpdir(), 'hearth-package-'))
  try {
    const root = join(workshop, 'root')
    for (const { from, to } of files) {
      const target = join(root, to)
      await mkdir(from.endsWith('/') ? target : dirname(target), { recursive: true })
      await cp(from, target, { recursive: true, verbatimSymlinks: true })
    }
    await settleModes(root)
    return await use(root, workshop)
  } finally {
    await rm(workshop, { recursive: true, force: true })
  }
}

async function settleModes(folder: string): Promise<void> {
  await chmod(folder, 0o755)
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) await settleModes(path)
    else if (entry.isFile()) await chmod(path, (await stat(path)).mode & 0o111 ? 0o755 : 0o644)
  }
}

/** Paths below a folder, from its top, each with a leading slash. */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter(entry => !entry.isDirectory())
    .map(entry => join(entry.parentPath, entry.name).slice(folder.length))
    .sort()
}
