import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { extractFile, listPackage } from '@electron/asar'
import { projectFolder } from '../project.ts'
import { bundledPackagesFile, workerPackagesFile } from './bundled-packages.ts'
import { carriedBy } from './carried.ts'
import { licenceTexts } from './licence-texts.ts'

/** Somebody else's work inside a packed Hearth. */
export interface Component {
  readonly name: string
  /** Empty where it is not known. */
  readonly version: string
  /** An SPDX expression, as the component itself has it. */
  readonly license: string
  /** The texts that its licence asks to pass on. */
  readonly notices: readonly string[]
  /** Package URL: how advisories name it. */
  readonly purl: string
}

/**
 * Everything in a packed app that others made: the packages in its archive, those inside the bundles, the runtime, and
 * what native packages carry inside.
 *
 * @param resources the folder that app.asar lies in
 */
export function componentsOf(resources: string, electronVersion: string): Component[] {
  const archive = join(resources, 'app.asar')
  const inArchive: Files = {
    paths: listPackage(archive, { isPack: false }).map(path => path.replaceAll('\\', '/').slice(1)),
    read: path => extractFile(archive, path).toString('utf8'),
  }
  const packed = inArchive.paths
    .filter(path => /^node_modules\/(.*\/node_modules\/)?(@[^/]+\/)?[^/]+\/package\.json$/.test(path))
    .map(path => npmPackage(dirname(path), inArchive))
  const lists = ['main', 'preload', 'renderer'].map(part => join(part, bundledPackagesFile))
  const bundled = [...lists, join('renderer', workerPackagesFile)]
    .flatMap(list => JSON.parse(readFileSync(join(projectFolder, 'out', list), 'utf8')) as string[])
    .map(folder => npmPackage(folder, onDisk(folder)))
  const names = packed.map(component => component?.name ?? '')
  const found = new Map<string, Component>()
  for (const component of [...packed, ...bundled, ...carriedBy(names), electron(electronVersion), llamaCpp()]) {
    if (component !== undefined) found.set(component.purl, component)
  }
  return [...found.values()].sort((a, b) => a.name.localeCompare(b.name, 'en') || (a.version < b.version ? -1 : 1))
}

/** Files by their paths from the project's top, in an archive or on disk. */
interface Files {
  readonly paths: readonly string[]
  read(path: string): string
}

/** Where inside pdf.js the licences of others' work lie: its decoders of pictures, its tables of letters. */
const carriedInside = ['node_modules/pdfjs-dist/wasm', 'node_modules/pdfjs-dist/cmaps']

const onDisk = (folder: string): Files => ({
  paths: [folder, ...carriedInside.filter(inner => dirname(inner) === folder)].flatMap(place =>
    readdirSync(join(projectFolder, place)).map(name => `${place}/${name}`),
  ),
  read: path => readFileSync(join(projectFolder, path), 'utf8'),
})

/** @returns undefined for a folder that only says how to read its files (`{"type": "module"}`) */
function npmPackage(folder: string, files: Files): Component | undefined {
  const { name, version, license: told, author } = JSON.parse(files.read(`${folder}/package.json`))
  if (name === undefined || version === undefined) return undefined
  const license = typeof told === 'string' ? told : (told?.type ?? 'NOASSERTION')
  const notices = files.paths
    .filter(path => [folder, ...carriedInside].includes(dirname(path)) && isNotice(path))
    .map(path => files.read(path).trim())
  const holders = (typeof author === 'string' ? author : author?.name) ?? `the authors of ${name}`
  return {
    name,
    version,
    license,
    notices: notices.length === 0 ? licenceTexts(license, holders) : notices,
    purl: `pkg:npm/${name.replace('@', '%40')}@${version}`,
  }
}

const isNotice = (path: string): boolean =>
  /^(licen[cs]e|copying|notice|copyright)/i.test(basename(path)) && !/\.([cm]?[jt]s|json)$/.test(path)

function electron(version: string): Component {
  return {
    name: 'Electron',
    version,
    license: 'MIT',
    notices: [
      'See LICENSE.electron.txt and, for Chromium and what it carries, LICENSES.chromium.html beside the program.',
    ],
    purl: `pkg:npm/electron@${version}`,
  }
}

/** Both engines are builds of it, and neither brings its licence along. */
function llamaCpp(): Component {
  const info = join(projectFolder, 'node_modules', 'node-llama-cpp', 'llama', 'llama.cpp.info.json')
  const version = existsSync(info) ? (JSON.parse(readFileSync(info, 'utf8')).tag as string) : 'unknown'
  return {
    name: 'llama.cpp',
    version,
    license: 'MIT',
    notices: [readFileSync(join(projectFolder, 'assets', 'licenses', 'llama.cpp.txt'), 'utf8').trim()],
    purl: `pkg:github/ggml-org/llama.cpp@${version}`,
  }
}
