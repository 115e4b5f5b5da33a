import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const project = join(import.meta.dirname, '..', '..', '..')
const folder = join(project, '.github', 'workflows')
const { scripts } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8')) as { scripts: object }
const matches = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, found = '']) => found)

/*
 * The workflows run on computers of others only, so what they call is held against the tree here: a script that was
 * renamed would be found on the day of a release.
 */
describe.each(readdirSync(folder))('%s', name => {
  const text = readFileSync(join(folder, name), 'utf8')

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
})
