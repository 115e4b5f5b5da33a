import { describe, expect, test } from 'vitest'
import { Bodies } from '../../../../main/api/bodies/bodies.ts'
import { v1Body } from '../../../../main/api/bodies/body-type.ts'
import { maxDecompressedBytes } from '../../../../main/api/bodies/limits.ts'
import { string, struct } from '../../../../main/go/json/types.ts'
import { post } from '../scripted.ts'

const body = v1Body('/v1/x', struct('Body', { model: string }), read => read)
const zstd = { headers: { 'content-encoding': 'zstd' } }
const read = (bytes: Uint8Array | string, init: RequestInit = zstd) =>
  new Bodies().read(post('/v1/x', bytes, init), body)

/** One frame, as RFC 8878 has it: a window of 2 MiB, no size told, and the blocks given. */
const frame = (...blocks: Uint8Array[]): Buffer =>
  Buffer.concat([Uint8Array.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0x58]), ...blocks])
const block = (type: 'raw' | 'rle' | 'compressed', size: number, content: Uint8Array, last = false): Buffer => {
  const head = Buffer.alloc(3)
  head.writeUIntLE((last ? 1 : 0) | ({ raw: 0, rle: 1, compressed: 2 }[type] << 1) | (size << 3), 0, 3)
  return Buffer.concat([head, content])
}
const raw = (text: string, last = false) => block('raw', text.length, Buffer.from(text), last)
/** 128 KiB of one byte, in four. */
const repeated = (byte: string, last = false) => block('rle', 128 * 1024, Buffer.from(byte), last)

const damaged = 'the zstd body is damaged, empty or larger than 20 MiB'

describe('a zstd body', () => {
  test('as `zstd -19` and as a stream of it make it, is read as the JSON it was', async () => {
    for (const text of [
      'KLUv/WQVBJUCAMIFEhGgb0XKNvRqZNlbfwC1mPyHNflkb/EpIjp6yX7IuolSf7NdXVvUindwG99GmbyB06/XO/g/SR2bDl6foVofegMn3sHfKwkdBwEAmC3iV1G9Dtkc',
      'KLUv/QRYtQIAwgUTGJA5HaJYaQOSna38lnax5banDhbKaXJ7DgthcY0bZAlQw/VYIggz/ZFFpGmHwC0neqIzbuF0TLjln0tWBi3jD4b4xC0ccMvnhUusBAEAmC3iV1G9Dtkc',
    ]) {
      expect(await read(Buffer.from(text, 'base64'))).toEqual({ model: 'M' })
    }
  })

  test('of several frames is one body', async () => {
    const whole = Buffer.concat([frame(raw('{"mod', true)), frame(raw('el":'), raw('"M"}', true))])
    expect(await read(whole)).toEqual({ model: 'M' })
  })

  test('that unfolds to a little more than the limit is refused, one that just fits is not', async () => {
    const blocks = maxDecompressedBytes / (128 * 1024)
    const fitting = frame(...Array.from({ length: blocks - 1 }, () => repeated(' ')), raw('{"model":"M"}', true))
    expect(await read(fitting)).toEqual({ model: 'M' })
    const over = frame(...Array.from({ length: blocks }, () => repeated(' ')), raw('{"model":"M"}', true))
    await expect(read(over)).rejects.toMatchObject({ status: 400, message: damaged })
  })

  test('of a few bytes that unfolds to gigabytes is refused', async () => {
    const bomb = frame(...Array.from({ length: 20_000 }, (_, index) => repeated(' ', index === 19_999)))
    await expect(read(bomb)).rejects.toMatchObject({ status: 400, message: damaged })
  })

  test('that asks for 98,000 matches of 65,539 bytes in nineteen bytes of its own is refused', async () => {
    const sequences = Uint8Array.from([9, 0x61, 255, 255, 255, 0b01010100, 0, 0, 52, 1])
    await expect(read(frame(block('compressed', 10, sequences, true)))).rejects.toMatchObject({ message: damaged })
  })

  test('cut off, of garbage, or with a window of two gigabytes is refused', async () => {
    const whole = frame(raw('{"model":"M"}', true))
    for (let length = 1; length < whole.length; length++) {
      await expect(read(whole.subarray(0, length))).rejects.toMatchObject({ status: 400, message: damaged })
    }
    await expect(read('{"model":"M"}')).rejects.toMatchObject({ status: 400, message: damaged })
    const wide = Buffer.from(whole)
    wide[5] = 0xa8
    await expect(read(wide)).rejects.toMatchObject({ status: 400, message: damaged })
  })

  test('that is empty, or unfolds to white space, is an empty body', async () => {
    await expect(read('')).rejects.toMatchObject({ status: 400, message: 'EOF' })
    await expect(read(frame(raw(' \n', true)))).rejects.toMatchObject({ status: 400, message: 'EOF' })
  })

  test('longer than all that could unfold to the limit is refused unread', async () => {
    const long = { headers: { 'content-encoding': 'zstd', 'content-length': '30000000' } }
    await expect(read('x', long)).rejects.toMatchObject({ status: 413 })
  })
})

test('another or no encoding is read as it is', async () => {
  expect(await read('{"model":"M"}', {})).toEqual({ model: 'M' })
  await expect(read(frame(raw('{}', true)), {})).rejects.toMatchObject({
    status: 400,
    message: "invalid character '(' looking for beginning of value",
  })
  await expect(read('', {})).rejects.toMatchObject({ status: 400, message: 'EOF' })
})
