import { createHash } from 'node:crypto'
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { Hasher } from '../../../main/library/registry/hasher.ts'
import { BlocksToFill, blockBytes, blockMemory } from '../../../main/library/registry/recent-blocks.ts'
import { downloadThreads } from '../hearth.ts'

// Read from the file a second time, a gigabyte takes a quarter of a second of a processor more.
test('what is in memory is hashed from there, what is not from the file, the unfinished last block too', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'hearth-hash-'))
  const memory = blockMemory()
  const hasher = new Hasher(downloadThreads.hashWorker, memory)
  const inFile = Buffer.alloc(2 * blockBytes + 5, 'f')
  writeFileSync(join(folder, 'file'), inFile)
  const file = openSync(join(folder, 'file'), 'r')
  onTestFinished(async () => {
    await hasher.close()
    closeSync(file)
    rmSync(folder, { recursive: true })
  })
  const hashed = hasher.open(file)
  const block = new BlocksToFill(memory).take()
  block.bytes.fill(0x6d)
  block.filled(hashed.key, 1)
  hashed.advance(blockBytes + 3)
  hashed.advance(inFile.length)
  const wanted = Buffer.from(inFile).fill('m', blockBytes, 2 * blockBytes)
  expect(await hashed.digest()).toBe(`sha256:${createHash('sha256').update(wanted).digest('hex')}`)
})
