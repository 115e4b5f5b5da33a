import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { mkdir, open, readdir, readFile, rename, rmdir, unlink } from 'node:fs/promises'
import { get } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getSystemErrorMap } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemMessage, systemWords, wordsOf } from '../../../main/go/system-error.ts'
import { asProblem } from '../../../main/problem.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearth-errors-'))
  writeFileSync(join(folder, 'file'), 'x')
  symlinkSync('loop', join(folder, 'loop'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const thrown = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  )
const started = (program: string): Promise<unknown> => new Promise((_, reject) => spawn(program).once('error', reject))
const got = (url: string): Promise<unknown> => new Promise((_, reject) => get(url).once('error', reject))

// People read `EISDIR: illegal operation on a directory, read`, and clients a text that no Ollama server says.
describe.skipIf(process.platform === 'win32')('what the system really refuses', () => {
  it.each<[string, (at: string) => Promise<unknown>, (at: string) => string]>([
    ['a missing file', at => readFile(join(at, 'none')), at => `open ${at}/none: no such file or directory`],
    ['a folder read as a file', at => readFile(at), () => 'read: is a directory'],
    ['a file listed as a folder', at => readdir(join(at, 'file')), at => `open ${at}/file: not a directory`],
    ['a link in a circle', at => open(join(at, 'loop')), at => `open ${at}/loop: too many levels of symbolic links`],
    ['what is there already', at => mkdir(join(at, 'file')), at => `mkdir ${at}/file: file exists`],
    ['a name too long', () => open('n'.repeat(300)), () => `open ${'n'.repeat(300)}: file name too long`],
    ['a folder with something in it', at => rmdir(at), at => `remove ${at}: directory not empty`],
    ['what is not there to remove', at => unlink(join(at, 'x')), at => `remove ${at}/x: no such file or directory`],
    ['a rename', at => rename(join(at, 'x'), join(at, 'y')), at => `rename ${at}/x ${at}/y: no such file or directory`],
    ['a missing program', () => started('/none/such'), () => 'spawn /none/such: no such file or directory'],
    ['a port nobody has', () => got('http://127.0.0.1:9'), () => 'dial tcp 127.0.0.1:9: connect: connection refused'],
  ])('is told in words: %s', async (_, work, told) => {
    const error = await thrown(work(folder))
    expect(systemMessage(error)).toBe(told(folder))
    expect(asProblem(error)).toMatchObject({ code: 'internal', message: wordsOf(error) })
  })
})

describe('systemWords', () => {
  it('has words for every error a system has', () => {
    const codes = [...getSystemErrorMap().values()].map(([code]) => code)
    expect(codes.length).toBeGreaterThan(60)
    for (const code of codes) {
      expect(systemWords(code), code).toMatch(/^[a-z]/)
      expect(systemWords(code), code).not.toMatch(/\bE[A-Z]{2,}\b/)
      const error = Object.assign(new Error(`${code}: x, read`), { code, errno: -1, syscall: 'read' })
      const { message } = asProblem(error)
      expect(message, code).toBe(
        ['ENOSPC', 'EDQUOT'].includes(code) ? 'no space left on device' : `read: ${systemWords(code)}`,
      )
    }
  })

  it('keeps a code that nobody knows', () => expect(systemWords('EWHAT')).toBe('EWHAT'))
})

describe('systemMessage', () => {
  it('leaves what no system refused', () => {
    for (const error of [new Error('x'), new TypeError('fetch failed'), 'x', undefined, null])
      expect(systemMessage(error)).toBeUndefined()
    expect(wordsOf(new Error('x'))).toBe('x')
    expect(wordsOf('y')).toBe('y')
  })

  it('names a host that nobody knows', () => {
    const unknown = { code: 'ENOTFOUND', syscall: 'getaddrinfo', hostname: 'none.invalid' }
    expect(systemMessage(Object.assign(new Error('x'), unknown))).toBe('lookup none.invalid: no such host')
  })

  // Of localhost there are two addresses; the error for both says nothing itself.
  it('takes the first of several', () => {
    const refused = { code: 'ECONNREFUSED', syscall: 'connect', address: '::1', port: 9 }
    const both = new AggregateError([Object.assign(new Error('a'), refused), new Error('b')])
    expect(systemMessage(both)).toBe('dial tcp [::1]:9: connect: connection refused')
  })
})
