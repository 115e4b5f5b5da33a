import { statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { readHeader } from '../../../main/gguf/header.ts'
import { factsOf } from '../../../main/library/gguf/facts.ts'
import { GgufFiles } from '../../../main/library/gguf/gguf-files.ts'
import { Problem } from '../../../main/problem.ts'
import { fc } from '../../properties.ts'
import { eachInTemporaryFolder, fixture } from './ollama-folder.ts'

const folder = eachInTemporaryFolder()
const runs = 1_500
/** A buffer of this many bytes is nothing, however small the file. */
const smallest = 4096

/** One change to a file's bytes. */
type Mutation =
  | { kind: 'byte'; at: number; value: number }
  /** A length or a count that lies: eight bytes of something large, odd or negative. */
  | { kind: 'length'; at: number; value: bigint }
  | { kind: 'cut'; at: number }
  | { kind: 'remove'; at: number; length: number }
  | { kind: 'repeat'; at: number; length: number }

/** Positions as fractions of the header, the beginning more often: that is where the counts are. */
const place = fc.oneof(fractionBelow(1), fractionBelow(0.02))
const lies = fc.constantFrom(
  2n ** 64n - 1n,
  2n ** 63n,
  2n ** 53n + 1n,
  2n ** 40n,
  2n ** 32n,
  2n ** 31n,
  65_536n,
  1_000n,
  0n,
)
const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.record({ kind: fc.constant('byte' as const), at: place, value: fc.integer({ min: 0, max: 255 }) }),
  fc.record({ kind: fc.constant('length' as const), at: place, value: lies }),
  fc.record({ kind: fc.constant('cut' as const), at: place }),
  fc.record({ kind: fc.constant('remove' as const), at: place, length: fc.integer({ min: 1, max: 64 }) }),
  fc.record({ kind: fc.constant('repeat' as const), at: place, length: fc.integer({ min: 1, max: 4096 }) }),
)

/** Evenly spread. Not fc.double: half of all doubles below one are as good as nothing, and so the place would be. */
function fractionBelow(most: number): fc.Arbitrary<number> {
  return fc.noBias(fc.nat(2 ** 30)).map(part => (part / 2 ** 30) * most)
}

/** The largest buffer that is asked for while a work is done, in bytes. */
async function largestBuffer(work: () => Promise<void>): Promise<number> {
  const spies = [vi.spyOn(Buffer, 'alloc'), vi.spyOn(Buffer, 'allocUnsafe')]
  try {
    await work()
  } finally {
    for (const spy of spies) spy.mockRestore()
  }
  return Math.max(0, ...spies.flatMap(({ mock }) => mock.calls.map(([size]) => size)))
}

function mutate(bytes: Buffer, change: Mutation): Buffer {
  const at = Math.floor(change.at * bytes.length)
  const copy = Buffer.from(bytes)
  switch (change.kind) {
    case 'byte':
      if (at < copy.length) copy[at] = change.value
      return copy
    case 'length':
      if (at + 8 <= copy.length) copy.writeBigUInt64LE(change.value, at)
      return copy
    case 'cut':
      return copy.subarray(0, at)
    case 'remove':
      return Buffer.concat([copy.subarray(0, at), copy.subarray(at + change.length)])
    case 'repeat':
      return Buffer.concat([copy.subarray(0, at + change.length), copy.subarray(at)])
  }
}

describe('a GGUF file with anything wrong in it', () => {
  // Every such file comes from a stranger; main, which reads it, holds the person's conversations.
  it.each([
    ['tiny-chat-q8_0.gguf', 46_000],
    ['tiny-embed.gguf', 22_000],
    ['mmproj-tiny.gguf', 8_000],
    ['tiny-pirate-lora.gguf', 6_000],
  ])('is read or refused, never more: %s', async (name, headerBytes) => {
    const whole = fixture(name)
    const header = whole.subarray(0, headerBytes)
    const path = join(folder.path, name)
    let refused = 0
    const peak = { arrayBuffers: 0 }
    await fc.assert(
      fc.asyncProperty(fc.array(mutation, { minLength: 1, maxLength: 3 }), async changes => {
        let bytes: Buffer = header
        for (const change of changes) bytes = mutate(bytes, change)
        writeFileSync(path, bytes)
        // The tensors' data, which nobody looks at, is a hole of the right length, unless the file is cut.
        const cut = changes.some(({ kind }) => kind === 'cut')
        if (!cut) truncateSync(path, bytes.length + whole.length - header.length)
        const before = process.memoryUsage().arrayBuffers
        const largest = await largestBuffer(async () => {
          try {
            const header = await readHeader(path)
            await factsOf(path, header)
            await new GgufFiles().metadata(path, { arrays: true })
          } catch (error) {
            if (!(error instanceof Problem && error.code === 'broken-model-file')) throw error
            expect(error.message).toMatch(/^broken model file: .{10}/)
            refused++
          }
        })
        // Whatever a length claims, no more is asked for than the file has.
        expect(largest).toBeLessThanOrEqual(Math.max(statSync(path).size, smallest))
        peak.arrayBuffers = Math.max(peak.arrayBuffers, process.memoryUsage().arrayBuffers - before)
      }),
      { numRuns: runs },
    )
    // Some mutations must have mattered and some must not, or the test tests nothing.
    expect(refused).toBeGreaterThan(100)
    expect(refused).toBeLessThan(runs)
    expect(peak.arrayBuffers).toBeLessThan(64 * 2 ** 20)
  })
})
