import { createHash } from 'node:crypto'
import { chmod, lstat, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from '../run.ts'
import type { LinuxPackage } from './package.ts'
import { filesBelow, withStagedTree } from './staged-tree.ts'

/** Writes a .deb with dpkg-deb. @throws Error with its output when it fails */
export async function writeDeb(wanted: LinuxPackage): Promise<void> {
  await withStagedTree(wanted.files, async root => {
    const files = await filesBelow(root)
    const debian = join(root, 'DEBIAN')
    await mkdir(debian)
    await writeFile(join(debian, 'control'), control(wanted, await installedSize(root, files)))
    await writeFile(join(debian, 'md5sums'), await sums(root, files))
    for (const [name, script] of Object.entries({ postinst: wanted.afterInstall, postrm: wanted.afterRemove })) {
      if (script === undefined) continue
      await writeFile(join(debian, name), script)
      await chmod(join(debian, name), 0o755)
    }
    const compression = wanted.compression === 'small' ? ['-Zxz'] : ['-Znone']
    const built = await run('dpkg-deb', [...['--root-owner-group', ...compression], ...['--build', root, wanted.path]])
    if (built.code !== 0) throw new Error(`dpkg-deb failed: ${built.output.trim()}`)
  })
}

/** The control file, as Debian's policy manual describes it in chapter 5. @param size KiB the files take */
function control(wanted: LinuxPackage, size: number): string {
  const fields: [string, string][] = [
    ['Package', wanted.name],
    ['Version', wanted.version],
    ['Section', wanted.category],
    ['Priority', 'optional'],
    ['Architecture', wanted.architecture],
    ['Depends', wanted.depends.join(', ')],
    ['Recommends', wanted.recommends.join(', ')],
    ['Installed-Size', String(size)],
    ['Maintainer', wanted.maintainer],
    ['Homepage', wanted.homepage],
    // Lines of the long description begin with a space; an empty one is a full stop.
    [
      'Description',
      [wanted.synopsis, ...wanted.description.split('\n').map(line => ` ${line.trim() || '.'}`)].join('\n'),
    ],
  ]
  return fields
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name}: ${value}\n`)
    .join('')
}

async function installedSize(root: string, files: readonly string[]): Promise<number> {
  const sizes = await Promise.all(files.map(async file => Math.ceil((await lstat(join(root, file))).size / 1024)))
  return sizes.reduce((sum, size) => sum + size, 0)
}

async function sums(root: string, files: readonly string[]): Promise<string> {
  const lines: string[] = []
  for (const file of files) {
    if ((await lstat(join(root, file))).isSymbolicLink()) continue
    const hash = createHash('md5').update(await readFile(join(root, file)))
    lines.push(`${hash.digest('hex')}  ${file.slice(1)}\n`)
  }
  return lines.join('')
}
