import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** One entry of package-lock.json's `packages`; only what is read or written here. */
export interface LockedPackage {
  version?: string
  optional?: boolean
  dev?: boolean
  os?: string[]
  cpu?: string[]
  libc?: string[]
  resolved?: string
  optionalDependencies?: Record<string, string>
}

export interface Lockfile {
  packages: Record<string, LockedPackage>
}

/**
 * Native parts come as one optional package for each platform. npm writes into the lockfile only those that the
 * registry at hand could tell it about, and `npm ci` refuses a lockfile that lacks any; so a lockfile made behind a
 * mirror that holds some platforms only would install nowhere else. This adds the missing ones by what their names say.
 * They carry no integrity, as their bytes were never seen.
 * @returns the names that were added
 */
export function completeLockfile(lockfile: Lockfile): string[] {
  const added: string[] = []
  for (const [place, parent] of Object.entries(lockfile.packages)) {
    for (const [name, range] of Object.entries(parent.optionalDependencies ?? {})) {
      if (isLocked(lockfile, place, name) || !/^\d+\.\d+\.\d+/.test(range)) continue
      lockfile.packages[`node_modules/${name}`] = {
        version: range,
        ...platformOf(name),
        ...(parent.dev ? { dev: true } : {}),
        optional: true,
      }
      added.push(name)
    }
  }
  lockfile.packages = Object.fromEntries(
    Object.entries(lockfile.packages).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)),
  )
  return added
}

/** Whether Node would find the package from there: beside it, or in any folder above. */
function isLocked(lockfile: Lockfile, place: string, name: string): boolean {
  for (let folder = place; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    const at = folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`
    if (lockfile.packages[at]) return true
    if (folder === '') return false
  }
}

const systems: Readonly<Record<string, string>> = {
  android: 'android',
  darwin: 'darwin',
  freebsd: 'freebsd',
  linux: 'linux',
  linuxmusl: 'linux',
  mac: 'darwin',
  openharmony: 'openharmony',
  wasi: 'wasi',
  win: 'win32',
  win32: 'win32',
}

const processors: Readonly<Record<string, string>> = {
  arm: 'arm',
  arm64: 'arm64',
  armv7l: 'arm',
  ia32: 'ia32',
  ppc64: 'ppc64',
  riscv64: 'riscv64',
  s390x: 's390x',
  wasm32: 'wasm32',
  x64: 'x64',
}

function platformOf(name: string): Pick<LockedPackage, 'os' | 'cpu' | 'libc'> {
  const words = name.split(/[/_-]/)
  const os = words.map(word => systems[word]).find(Boolean)
  const cpu = words.map(word => processors[word]).find(Boolean)
  const libc = words.some(word => word.startsWith('musl') || word === 'linuxmusl')
    ? 'musl'
    : words.some(word => word.startsWith('gnu'))
      ? 'glibc'
      : undefined
  return { ...(cpu ? { cpu: [cpu] } : {}), ...(libc ? { libc: [libc] } : {}), ...(os ? { os: [os] } : {}) }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const path = join(import.meta.dirname, '..', 'package-lock.json')
  const lockfile = JSON.parse(readFileSync(path, 'utf8')) as Lockfile
  const added = completeLockfile(lockfile)
  writeFileSync(path, `${JSON.stringify(lockfile, null, 2)}\n`)
  console.log(added.length === 0 ? 'The lockfile is complete.' : `Added to the lockfile: ${added.join(', ')}`)
}
