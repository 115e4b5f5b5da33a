import type { Component } from './components.ts'
import { licenceTexts } from './licence-texts.ts'

interface Carried {
  readonly name: string
  readonly license: string
  readonly holders: string
  /** owner/repository on GitHub. */
  readonly source: string
  /** Packages whose compiled files it lies in, by the beginning of their names. */
  readonly inside: readonly string[]
}

const llama = ['@fugood/node-llama-', '@node-llama-cpp/']

/** What lies compiled inside packages and stands in no package.json; which version each maker took, nobody tells. */
const carried: readonly Carried[] = [
  { name: 'JSON for Modern C++', license: 'MIT', holders: 'Niels Lohmann', source: 'nlohmann/json', inside: llama },
  { name: 'cpp-httplib', license: 'MIT', holders: 'yhirose', source: 'yhirose/cpp-httplib', inside: llama },
  { name: 'stb_image', license: 'MIT', holders: 'Sean Barrett', source: 'nothings/stb', inside: ['@fugood/'] },
  { name: 'miniaudio', license: 'MIT', holders: 'David Reid', source: 'mackron/miniaudio', inside: ['@fugood/'] },
  {
    name: 'libSQL and SQLite',
    license: 'MIT',
    holders: 'the libSQL authors; SQLite is in the public domain',
    source: 'tursodatabase/libsql',
    inside: ['@libsql/'],
  },
  {
    name: 'libwebp',
    license: 'BSD-3-Clause',
    holders: '2010 Google Inc.',
    source: 'webmproject/libwebp',
    inside: ['@cwasm/webp'],
  },
]

/** @param packages names of those that are packed */
export function carriedBy(packages: readonly string[]): Component[] {
  return carried
    .filter(({ inside }) => inside.some(start => packages.some(name => name.startsWith(start))))
    .map(({ name, license, holders, source }) => ({
      name,
      license,
      version: '',
      notices: licenceTexts(license, holders),
      purl: `pkg:github/${source}`,
    }))
}
