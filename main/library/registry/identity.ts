import { createPrivateKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import { mkdir, open, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { errno, ifThere } from '../../files/errno.ts'
import { Problem } from '../../problem.ts'

/** What a registry knows a person by: an ed25519 key that Ollama and Hearth share (upstream auth/auth.go). */
export interface Identity {
  /** The public key as OpenSSH's one-line format has it between type and comment: base64. */
  readonly publicKey: string
  /** The raw 64-byte signature of a text, base64. */
  sign(text: string): string
}

/** How a private key file of OpenSSH begins (PROTOCOL.key in OpenSSH's source). */
const magic = Buffer.from('openssh-key-v1\0')
const keyType = 'ssh-ed25519'
const header = '-----BEGIN OPENSSH PRIVATE KEY-----'
const footer = '-----END OPENSSH PRIVATE KEY-----'
/** Bytes of an ed25519 public key, and of the seed that its private key is. */
const keyBytes = 32
/** What stands in DER before an ed25519 seed (RFC 8410). */
const pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex')

/**
 * The key of `~/.ollama/id_ed25519`, made with its `.pub` when it is missing.
 * @throws Problem when the file is no unencrypted ed25519 key
 */
export async function loadIdentity(path: string): Promise<Identity> {
  const text = (await ifThere(readFile(path, 'utf8'))) ?? (await createIdentity(path))
  let seed: Buffer
  let publicBytes: Buffer
  try {
    ;({ seed, publicBytes } = parseKey(text))
  } catch (error) {
    throw new Problem('internal', 500, `${path}: ${(error as Error).message}`)
  }
  const key = privateKey(seed)
  return {
    publicKey: sshPublic(publicBytes).toString('base64'),
    sign: signed => sign(null, Buffer.from(signed), key).toString('base64'),
  }
}

/** @returns the text of the file; another process's, should it have been quicker */
async function createIdentity(path: string): Promise<string> {
  const pair = generateKeyPairSync('ed25519')
  const seed = pair.privateKey.export({ type: 'pkcs8', format: 'der' }).subarray(-keyBytes)
  const publicBytes = pair.publicKey.export({ type: 'spki', format: 'der' }).subarray(-keyBytes)
  const text = formatKey(seed, publicBytes)
  await mkdir(dirname(path), { recursive: true, mode: 0o755 })
  try {
    await writeNew(path, text, 0o600)
  } catch (error) {
    if (errno(error) !== 'EEXIST') throw error
    return readFile(path, 'utf8')
  }
  await writeNew(`${path}.pub`, `${keyType} ${sshPublic(publicBytes).toString('base64')}\n`, 0o644).catch(error => {
    if (errno(error) !== 'EEXIST') throw error
  })
  return text
}

async function writeNew(path: string, text: string, mode: number): Promise<void> {
  const file = await open(path, 'wx', mode)
  try {
    await file.writeFile(text)
  } finally {
    await file.close()
  }
}

const privateKey = (seed: Buffer): KeyObject =>
  createPrivateKey({ key: Buffer.concat([pkcs8Prefix, seed]), format: 'der', type: 'pkcs8' })

/** A length-prefixed string of the SSH protocol (RFC 4251). */
function sshString(bytes: Buffer | string): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(Buffer.byteLength(bytes))
  return Buffer.concat([length, Buffer.from(bytes as Buffer)])
}

const sshPublic = (publicBytes: Buffer): Buffer => Buffer.concat([sshString(keyType), sshString(publicBytes)])

function formatKey(seed: Buffer, publicBytes: Buffer): string {
  const check = randomBytes(4)
  const keys = [check, check, sshPublic(publicBytes), sshString(Buffer.concat([seed, publicBytes])), sshString('')]
  const plain = Buffer.concat(keys)
  // Padded with 1, 2, 3, … to the block size of the cipher, which is 8 for none.
  const padding = Buffer.from(Array.from({ length: (8 - (plain.length % 8)) % 8 }, (_, i) => i + 1))
  const file = Buffer.concat([
    ...[magic, sshString('none'), sshString('none'), sshString(''), Buffer.from([0, 0, 0, 1])],
    ...[sshString(sshPublic(publicBytes)), sshString(Buffer.concat([plain, padding]))],
  ])
  return `${[header, ...file.toString('base64').match(/.{1,70}/g)!, footer].join('\n')}\n`
}

/** @throws an Error that says what is wrong */
function parseKey(text: string): { seed: Buffer; publicBytes: Buffer } {
  const lines = text.trim().split(/\r?\n/)
  if (lines[0] !== header || lines.at(-1) !== footer) throw new Error('not an OpenSSH private key')
  const file = Buffer.from(lines.slice(1, -1).join(''), 'base64')
  if (!file.subarray(0, magic.length).equals(magic)) throw new Error('not an OpenSSH private key')
  const outer = new SshReader(file.subarray(magic.length))
  if (outer.string().toString() !== 'none') throw new Error('the key is protected by a passphrase')
  outer.string()
  outer.string()
  if (outer.number() !== 1) throw new Error('not one key')
  outer.string()
  const inner = new SshReader(outer.string())
  const [check, again] = [inner.number(), inner.number()]
  if (check !== again) throw new Error('the key is damaged')
  if (inner.string().toString() !== keyType) throw new Error('not an ed25519 key')
  const publicBytes = inner.string()
  const secret = inner.string()
  if (publicBytes.length !== keyBytes || secret.length !== 2 * keyBytes) throw new Error('the key is damaged')
  return { seed: secret.subarray(0, keyBytes), publicBytes }
}

class SshReader {
  #at = 0

  constructor(private readonly bytes: Buffer) {}

  number(): number {
    if (this.#at + 4 > this.bytes.length) throw new Error('the key is cut off')
    const value = this.bytes.readUInt32BE(this.#at)
    this.#at += 4
    return value
  }

  string(): Buffer {
    const length = this.number()
    if (this.#at + length > this.bytes.length) throw new Error('the key is cut off')
    const value = this.bytes.subarray(this.#at, this.#at + length)
    this.#at += length
    return value
  }
}
