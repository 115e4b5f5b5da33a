import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { writeDeb } from './deb.ts'
import type { LinuxPackage } from './package.ts'
import { writeRpm } from './rpm.ts'

/*
 * Stands in for fpm: takes the arguments that electron-builder's FpmTarget gives, and has dpkg-deb or rpmbuild make the
 * package. fpm itself would be another download, and a Ruby with it.
 */

const text = { type: 'string' } as const
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    s: { ...text, short: 's' },
    t: { ...text, short: 't' },
    d: { ...text, short: 'd', multiple: true },
    force: { type: 'boolean' },
    'deb-recommends': { ...text, multiple: true },
    'deb-compression': text,
    'deb-priority': text,
    'rpm-os': text,
    'rpm-compression': text,
    'rpm-summary': text,
    architecture: text,
    'after-install': text,
    'after-remove': text,
    description: text,
    version: text,
    package: text,
    name: text,
    maintainer: text,
    vendor: text,
    url: text,
    category: text,
    license: text,
  },
})

const required = (name: keyof typeof values): string => {
  const value = values[name]
  if (typeof value !== 'string') throw new Error(`--${name} is missing`)
  return value
}
const script = async (path: string | undefined) => (path === undefined ? undefined : readFile(path, 'utf8'))

const target = required('t')
// For a deb the synopsis is the description's first line, for an rpm an argument of its own.
const [firstLine = '', ...furtherLines] = required('description').split('\n')
const compression = values['deb-compression'] ?? values['rpm-compression'] ?? 'xz'
const wanted: LinuxPackage = {
  name: required('name'),
  version: required('version'),
  architecture: required('architecture'),
  maintainer: required('maintainer'),
  homepage: required('url'),
  license: required('license'),
  category: required('category'),
  synopsis: values['rpm-summary'] ?? firstLine,
  description: (target === 'deb' ? furtherLines : [firstLine, ...furtherLines]).join('\n').trim(),
  depends: values.d ?? [],
  recommends: values['deb-recommends'] ?? [],
  afterInstall: await script(values['after-install']),
  afterRemove: await script(values['after-remove']),
  files: positionals.map(pair => {
    const at = pair.lastIndexOf('=')
    return { from: pair.slice(0, at), to: pair.slice(at + 1) }
  }),
  compression: compression.startsWith('xz') ? 'small' : 'fast',
  path: required('package'),
}

if (target === 'deb') await writeDeb(wanted)
else if (target === 'rpm') await writeRpm(wanted)
else throw new Error(`no packages of the kind ${target} are made here`)
