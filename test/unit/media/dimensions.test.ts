import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { bmp } from '../../../main/engine/multimodal/media/bmp.ts'
import { dimensions } from '../../../main/media/dimensions.ts'
import { fc } from '../../properties.ts'

const pictures = join(import.meta.dirname, '../../fixtures/pictures')
const file = (name: string) => readFileSync(join(pictures, name))

function png(width: number, height: number): Buffer {
  const header = Buffer.from('89504e470d0a1a0a0000000d49484452000000000000000008020000', 'hex')
  header.writeUInt32BE(width, 16)
  header.writeUInt32BE(height, 20)
  return header
}

function extendedWebp(width: number, height: number): Buffer {
  const header = Buffer.alloc(30)
  header.write('RIFF....WEBPVP8X', 'latin1')
  header.writeUIntLE(width - 1, 24, 3)
  header.writeUIntLE(height - 1, 27, 3)
  return header
}

describe('dimensions', () => {
  it.each([
    ['jpeg', 'red-circle.jpg'],
    ['jpeg', 'red-circle-progressive.jpg'],
    ['gif', 'red-circle.gif'],
    ['webp', 'red-circle-lossy.webp'],
    ['webp', 'red-circle-lossless.webp'],
    ['webp', 'red-circle-alpha.webp'],
    ['webp', 'red-circle-then-square.webp'],
  ] as const)('reads the header of a %s file, %s', (format, name) => {
    expect(dimensions(format, file(name))).toEqual({ width: 64, height: 64 })
  })

  it('reads sizes that no decoder should be asked for', () => {
    expect(dimensions('png', png(100_000, 99_999))).toEqual({ width: 100_000, height: 99_999 })
    expect(dimensions('png', png(0xffff_ffff, 1))).toEqual({ width: 0xffff_ffff, height: 1 })
    expect(dimensions('webp', extendedWebp(2 ** 24, 3))).toEqual({ width: 2 ** 24, height: 3 })
  })

  it('reads a BMP with its rows from the top, and one of the oldest kind', () => {
    expect(dimensions('bmp', bmp(7, 5, new Uint8Array(7 * 5 * 4)))).toEqual({ width: 7, height: 5 })
    const old = Buffer.from('424d000000000000000000000c0000000900080001001800', 'hex')
    old.writeUInt32LE(12, 14)
    old.writeUInt16LE(9, 18)
    old.writeUInt16LE(8, 20)
    expect(dimensions('bmp', old)).toEqual({ width: 9, height: 8 })
  })

  it('reads from the middle of a larger buffer', () => {
    const whole = Buffer.concat([Buffer.alloc(13), png(3, 4)])
    expect(dimensions('png', whole.subarray(13))).toEqual({ width: 3, height: 4 })
  })

  it('goes over tables and padding to the frame of a JPEG, and stops where the picture begins', () => {
    const tables = 'ffc4000411ff' + 'ffff' + 'ffd0'
    const frame = 'ffc0001108' + '0102' + '0304'
    expect(dimensions('jpeg', Buffer.from(`ffd8${tables}${frame}`, 'hex'))).toEqual({ width: 0x304, height: 0x102 })
    expect(dimensions('jpeg', Buffer.from(`ffd8ffda0003aa${frame}`, 'hex'))).toBeUndefined()
    // A segment that claims no length at all must not hold the reader up for ever.
    expect(dimensions('jpeg', Buffer.from(`ffd8${'ffe00000'.repeat(50)}`, 'hex'))).toBeUndefined()
  })

  it.each(['png', 'jpeg', 'gif', 'bmp', 'webp'] as const)('has an end for any %s', format => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), bytes => {
        const size = dimensions(format, bytes)
        expect(size === undefined || (size.width > 0 && size.height > 0)).toBe(true)
      }),
    )
  })
})
