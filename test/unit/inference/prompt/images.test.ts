import { describe, expect, test } from 'vitest'
import { placeImages, splitAtImages, withMarkers } from '../../../../main/inference/prompt/images.ts'
import { user } from './models.ts'

const [a, b] = [new Uint8Array([1]), new Uint8Array([2])]

describe('a prompt is cut where its pictures stand', () => {
  test.each([
    ['[img-0]what?', ['', a, 'what?']],
    ['left [img-1] right [img-0]', ['left ', b, ' right ', a]],
    ['[img-0][img-1]', [a, b]],
    ['none', ['none']],
    ['[img-x] [img-]', ['[img-x] [img-]']],
  ])('%s', (text, parts) => {
    expect(splitAtImages(text, [a, b])).toEqual(parts.filter(part => part !== ''))
  })

  test('a number that no picture has is an error, not a hole', () => {
    expect(() => splitAtImages('[img-2]', [a, b])).toThrow(
      expect.objectContaining({ status: 400, message: 'invalid image index: 2' }),
    )
  })

  test('without pictures the text stays as it is, tags and all', () => {
    expect(splitAtImages('what does [img-0] mean?', [])).toEqual(['what does [img-0] mean?'])
  })
})

describe('a prompt for the engine', () => {
  test('has a marker for each picture, and the files in the order of the markers', () => {
    expect(withMarkers('[img-1] and [img-0]', [a, b])).toEqual({ text: '<__media__> and <__media__>', files: [b, a] })
    expect(withMarkers('none', [])).toEqual({ text: 'none', files: [] })
  })

  test('has no marker that somebody wrote', () => {
    const { text, files } = withMarkers('<__media__>[img-0]', [a])
    expect(text.split('<__media__>')).toHaveLength(2)
    expect(files).toEqual([a])
  })
})

test('numbers run through all messages', () => {
  const { messages, images } = placeImages(
    [{ ...user('one'), images: [a] }, user('two'), { ...user('[img] three'), images: [b, a] }],
    'back',
  )
  expect(messages.map(message => message.content)).toEqual(['one[img-0]', 'two', '[img-1] three[img-2]'])
  expect(images).toEqual([a, b, a])
})
