import { copyFile, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from '../run.ts'
import type { LinuxPackage } from './package.ts'
import { filesBelow, withStagedTree } from './staged-tree.ts'

/** rpm's words for Debian's. */
const processors: Readonly<Record<string, string>> = { amd64: 'x86_64', arm64: 'aarch64' }

/** Writes an .rpm with rpmbuild. @throws Error with its output when it fails */
export async function writeRpm(wanted: LinuxPackage): Promise<void> {
  await withStagedTree(wanted.files, async (root, workshop) => {
    const specFile = join(workshop, 'package.spec')
    await writeFile(specFile, spec(wanted, await filesBelow(root)))
    const built = await run('rpmbuild', [
      ...['-bb', '--quiet', '--buildroot', root, '--target', processors[wanted.architecture] ?? wanted.architecture],
      ...['--define', `_topdir ${join(workshop, 'rpm')}`, '--define', `_rpmdir ${join(workshop, 'made')}`],
      specFile,
    ])
    if (built.code !== 0) throw new Error(`rpmbuild failed (Debian: rpm): ${built.output.trim()}`)
    const [made] = (await readdir(join(workshop, 'made'), { recursive: true })).filter(name => name.endsWith('.rpm'))
    await copyFile(join(workshop, 'made', made as string), wanted.path)
  })
}

/** Folders that the package owns, so that nothing stays behind. */
const ownFolders = (files: readonly string[]): string[] => {
  const folders = new Set<string>()
  for (const file of files) {
    const parts = file.split('/')
    if (parts[1] !== 'opt') continue
    for (let depth = 3; depth < parts.length; depth += 1) folders.add(parts.slice(0, depth).join('/'))
  }
  return [...folders].sort()
}

/** What rpmbuild reads. The files are prebuilt: none is stripped, searched for what it links to, or compiled. */
export function spec(wanted: LinuxPackage, files: readonly string[]): string {
  const quoted = (path: string) => `"${path.replaceAll('%', '%%')}"`
  const text = (value: string) => value.replaceAll('%', '%%')
  const section = (name: string, script: string | undefined) =>
    script === undefined ? '' : `\n%${name}\n${text(script)}`
  return [
    '%global __os_install_post %{nil}',
    '%global debug_package %{nil}',
    '%global _build_id_links none',
    `%define _binary_payload ${wanted.compression === 'small' ? 'w15T0.zstdio' : 'w1.gzdio'}`,
    `Name: ${wanted.name}`,
    `Version: ${wanted.version}`,
    'Release: 1',
    `Summary: ${text(wanted.synopsis)}`,
    `License: ${wanted.license}`,
    `Group: ${wanted.category}`,
    `URL: ${wanted.homepage}`,
    `Packager: ${wanted.maintainer}`,
    'AutoReqProv: no',
    ...wanted.depends.map(name => `Requires: ${name}`),
    ...wanted.recommends.map(name => `Recommends: ${name}`),
    '',
    '%description',
    text(wanted.description),
    section('post', wanted.afterInstall),
    section('postun', wanted.afterRemove),
    '',
    '%files',
    '%defattr(-,root,root)',
    ...ownFolders(files).map(folder => `%dir ${quoted(folder)}`),
    ...files.map(quoted),
    '',
  ].join('\n')
}
