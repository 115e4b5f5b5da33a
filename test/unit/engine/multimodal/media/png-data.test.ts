import { deflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { pngDefect } from '../../../../../main/engine/multimodal/media/png-data.ts'
import { png } from '../../../../integration/pictures.ts'

const size = { width: 8, height: 8 }
const rows = (height: number) => deflateSync(Buffer.alloc((8 * 3 + 1) * height))

describe('pngDefect', () => {
  it('passes pixels as many as the header says', () => {
    expect(pngDefect(png(8, 8, rows(8)), size)).toBeUndefined()
  })

  it('finds a stream that unpacks to more, without unpacking it', () => {
    expect(pngDefect(png(8, 8, deflateSync(Buffer.alloc(100_000_000))), size)).toBe('it unpacks to more than its size')
  })

  it('finds a stream that is cut off, damaged or missing', () => {
    const whole = rows(8)
    expect(pngDefect(png(8, 8, whole.subarray(0, -6)), size)).toBe('the file is cut off')
    expect(pngDefect(png(8, 8, Buffer.from('no stream')), size)).toBe('its data is damaged')
    expect(pngDefect(png(8, 8, whole).subarray(0, 33), size)).toBe('its data is damaged')
  })

  // Either would make room for a stream many times larger than the picture.
  it.each([
    ['colour type', 25, 5],
    ['depth', 24, 255],
  ])('refuses a %s that does not exist', (_, at, value) => {
    const file = png(8, 8, rows(8))
    file[at] = value
    expect(pngDefect(file, size)).toBe('its data is damaged')
  })
})
