import { execFileSync } from 'node:child_process'
import { createPublicKey, verify } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { loadIdentity } from '../../../../main/library/registry/identity.ts'

let folder: string
const path = () => join(folder, '.ollama', 'id_ed25519')

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearth-key-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** A key that ssh-keygen made; it belongs to nobody. */
const foreign = `-----BEGIN OPENSSH PRIVATE KEY-----
b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW
QyNTUxOQAAACBdSHURAcGi0ZMWfHSdXFuv+uhtnzKa3q/jq3RfZB9YKAAAAJB94aR/feGk
fwAAAAtzc2gtZWQyNTUxOQAAACBdSHURAcGi0ZMWfHSdXFuv+uhtnzKa3q/jq3RfZB9YKA
AAAEAXVOq8A2+m8fBS1EVsQL5/eIonurb2m1ryB76fV8+VLF1IdREBwaLRkxZ8dJ1cW6/6
6G2fMprer+OrdF9kH1goAAAABm5vYm9keQECAwQFBgc=
-----END OPENSSH PRIVATE KEY-----
`
const foreignPublic = 'AAAAC3NzaC1lZDI1NTE5AAAAIF1IdREBwaLRkxZ8dJ1cW6/66G2fMprer+OrdF9kH1go'

function isSignedBy(publicKey: string, text: string, signature: string): boolean {
  const spki = Buffer.concat([
    Buffer.from('302a300506032b6570032100', 'hex'),
    Buffer.from(publicKey, 'base64').subarray(-32),
  ])
  const key = createPublicKey({ key: spki, format: 'der', type: 'spki' })
  return verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64'))
}

test('a missing key is made once, for its owner alone, with its public half beside it', async () => {
  const made = await loadIdentity(path())
  expect(readFileSync(`${path()}.pub`, 'utf8')).toBe(`ssh-ed25519 ${made.publicKey}\n`)
  if (process.platform !== 'win32') expect(statSync(path()).mode & 0o777).toBe(0o600)
  expect(isSignedBy(made.publicKey, 'text', made.sign('text'))).toBe(true)
  expect((await loadIdentity(path())).publicKey).toBe(made.publicKey)
})

test('two who make it at once have the same', async () => {
  const keys = await Promise.all([1, 2, 3].map(() => loadIdentity(path())))
  expect(new Set(keys.map(({ publicKey }) => publicKey)).size).toBe(1)
})

test('a key that ssh-keygen wrote is read', async () => {
  const file = join(folder, 'key')
  writeFileSync(file, foreign)
  const identity = await loadIdentity(file)
  expect(identity.publicKey).toBe(foreignPublic)
  expect(isSignedBy(foreignPublic, 'text', identity.sign('text'))).toBe(true)
})

test.runIf(hasSshKeygen())('OpenSSH reads the key that is made', async () => {
  const { publicKey } = await loadIdentity(path())
  expect(execFileSync('ssh-keygen', ['-y', '-f', path()], { encoding: 'utf8' }).split(' ')[1]!.trim()).toBe(publicKey)
})

test.each([
  ['empty', '', 'not an OpenSSH private key'],
  ['another kind of key', '-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n', 'not an OpenSSH'],
  ['cut off', foreign.replace(/\n.{20}[^\n]*\n-----END/, '\n-----END'), 'the key is'],
])('a file that is %s is named, and left alone', async (_, text, message) => {
  const file = join(folder, 'key')
  writeFileSync(file, text)
  await expect(loadIdentity(file)).rejects.toThrow(`${file}: ${message}`)
  expect(readFileSync(file, 'utf8')).toBe(text)
})

test('a key with a passphrase says so', async () => {
  const file = join(folder, 'key')
  const header = ['openssh-key-v1\0', '\0\0\0\x0aaes256-ctr', '\0\0\0\x06bcrypt'].join('')
  writeFileSync(file, foreign.replace(/KEY-----\n[^-]*/, `KEY-----\n${Buffer.from(header).toString('base64')}\n`))
  await expect(loadIdentity(file)).rejects.toThrow('the key is protected by a passphrase')
})

function hasSshKeygen(): boolean {
  try {
    execFileSync('ssh-keygen', ['-?'], { stdio: 'ignore' })
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ENOENT'
  }
}
