import { expect, test } from 'vitest'
import { BlocksToFill, BlocksToHash, blockBytes, blockMemory } from '../../../../main/library/registry/recent-blocks.ts'

const many = 1000

/** The first byte of a block that is found, or undefined. */
function firstByte(blocks: BlocksToHash, file: number, number: number): number | undefined {
  let first: number | undefined
  blocks.use(file, number, blockBytes, bytes => {
    first = bytes[0]
  })
  return first
}

function fill(blocks: BlocksToFill, file: number, number: number, byte: number): void {
  const block = blocks.take()
  block.bytes[0] = byte
  block.filled(file, number)
}

// Bytes of one file hashed as another's would make a good download a wrong one.
test('a block is found by its own file and number, and once', () => {
  const memory = blockMemory()
  const [toFill, toHash] = [new BlocksToFill(memory), new BlocksToHash(memory)]
  fill(toFill, 1, 0, 10)
  fill(toFill, 1, 1, 11)
  fill(toFill, 2, 0, 20)
  expect(firstByte(toHash, 2, 1)).toBeUndefined()
  expect(firstByte(toHash, 1, 1)).toBe(11)
  expect(firstByte(toHash, 2, 0)).toBe(20)
  expect(firstByte(toHash, 1, 1)).toBeUndefined()
  expect(firstByte(toHash, 1, 0)).toBe(10)
})

// A receiver that waited for the hash would stand still where bytes come out of order.
test('where the hash is far behind, the oldest give way; nothing of them is found any more', () => {
  const memory = blockMemory()
  const [toFill, toHash] = [new BlocksToFill(memory), new BlocksToHash(memory)]
  for (let number = 0; number < many; number++) fill(toFill, 1, number, number % 256)
  const found = Array.from({ length: many }, (_, number) => firstByte(toHash, 1, number))
  const kept = memory.bytes.byteLength / blockBytes
  expect(found.slice(0, -kept).every(byte => byte === undefined)).toBe(true)
  expect(found.slice(-kept)).toEqual(Array.from({ length: kept }, (_, i) => (many - kept + i) % 256))
})

test('a block being filled or hashed is taken by nobody else, nor is one that was dropped found', () => {
  const memory = blockMemory()
  const [toFill, toHash] = [new BlocksToFill(memory), new BlocksToHash(memory)]
  fill(toFill, 1, 0, 7)
  toHash.use(1, 0, 4, bytes => {
    expect(bytes).toHaveLength(4)
    const others = Array.from({ length: many }, () => toFill.take())
    for (const { bytes: other } of others) other[0] = 99
    expect(bytes[0]).toBe(7)
    for (const block of others) block.drop()
  })
  expect(firstByte(toHash, 1, 0)).toBeUndefined()
})

// Threads end when they are idle; a block they took with them would be lost for good.
test('what a thread held when it ended, the next one has', () => {
  const memory = blockMemory()
  const kept = memory.bytes.byteLength / blockBytes
  const first = new BlocksToFill(memory)
  for (let i = 0; i < kept; i++) first.take()
  const [toFill, toHash] = [new BlocksToFill(memory), new BlocksToHash(memory)]
  fill(toFill, 1, 0, 5)
  expect(firstByte(toHash, 1, 0)).toBe(5)
})
