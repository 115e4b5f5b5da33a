import { describe, expect, it } from 'vitest'
import { isSound, mediaFormat } from '../../../main/media/format.ts'

const of = (latin1: string) => mediaFormat(Buffer.from(latin1, 'latin1'))

describe('mediaFormat', () => {
  it.each([
    ['\x89PNG\r\n\x1a\n', 'png'],
    ['\xff\xd8\xff\xe0\0\x10JFIF', 'jpeg'],
    ['GIF89a', 'gif'],
    ['GIF87a', 'gif'],
    ['BM\x36\0\0\0', 'bmp'],
    ['RIFF\x24\0\0\0WEBPVP8 ', 'webp'],
    ['RIFF\x24\0\0\0WAVEfmt ', 'wav'],
    ['ID3\x04', 'mp3'],
    ['\xff\xfb\x90\x00', 'mp3'],
    ['fLaC', 'flac'],
  ])('knows %j', (head, format) => {
    expect(of(head)).toBe(format)
  })

  // Anything that passes here is decoded by llama.cpp, which starts ffmpeg on what it cannot read.
  it.each([
    '',
    '\x89PN',
    '\x89PNG\n\n\n\n',
    '\xff\xd8',
    'RIFF\x24\0\0\0AVI ',
    '\0\0\0 ftypmp42',
    '#EXTM3U\nfile:///etc/passwd',
    '8BPS',
    '#?RADIANCE',
    'P6 1 1 255 ',
    '<svg xmlns="http://www.w3.org/2000/svg"/>',
  ])('knows nothing of %j', head => {
    expect(of(head)).toBeUndefined()
  })

  it('tells sound from pictures', () => {
    expect([isSound('wav'), isSound('mp3'), isSound('flac'), isSound('png'), isSound('webp')]).toEqual([
      true,
      true,
      true,
      false,
      false,
    ])
  })
})
