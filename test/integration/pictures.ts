import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { crc32, deflateSync } from 'node:zlib'
import { fixtures } from './hearth.ts'

const colours = { red: [255, 0, 0], green: [0, 128, 0], blue: [0, 0, 255], yellow: [255, 255, 0], black: [0, 0, 0] }

export interface Shape {
  readonly kind: 'circle' | 'square' | 'triangle'
  readonly colour: keyof typeof colours
  /** Centre and half its height, as parts of the picture's side. */
  readonly x: number
  readonly y: number
  readonly size: number
}

const inside: Record<Shape['kind'], (dx: number, dy: number) => boolean> = {
  circle: (dx, dy) => dx * dx + dy * dy <= 1,
  square: (dx, dy) => Math.max(Math.abs(dx), Math.abs(dy)) <= 0.84,
  triangle: (dx, dy) => dy >= -1 && dy <= 0.75 && Math.abs(dx) <= ((dy + 1) / 1.75) * 0.9,
}

/** A PNG of plain shapes on white. */
export function draw(shapes: readonly Shape[], side = 96): Buffer {
  const rows = Array.from({ length: side }, (_, y) => {
    const row = [0]
    for (let x = 0; x < side; x++) {
      const shape = shapes.find(({ kind, x: cx, y: cy, size }) =>
        inside[kind]((x / side - cx) / size, (y / side - cy) / size),
      )
      row.push(...(shape ? colours[shape.colour] : [255, 255, 255]))
    }
    return Buffer.from(row)
  })
  return png(side, side, deflateSync(Buffer.concat(rows)))
}

/** A PNG whose header says what it is told to, true or not; eight bits of red, green and blue a pixel. */
export function png(width: number, height: number, data: Buffer): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 2, 0, 0, 0], 8)
  const signature = Buffer.from('89504e470d0a1a0a', 'hex')
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))])
}

function chunk(type: string, content: Buffer): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(content.length)
  const body = Buffer.concat([Buffer.from(type, 'latin1'), content])
  const check = Buffer.alloc(4)
  check.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, check])
}

export const redCircle: Shape = { kind: 'circle', colour: 'red', x: 0.5, y: 0.5, size: 0.3 }
export const blueSquare: Shape = { kind: 'square', colour: 'blue', x: 0.5, y: 0.5, size: 0.3 }

/** A file of test/fixtures/pictures. */
export function pictureFile(name: string): Buffer {
  return readFileSync(join(fixtures, '..', 'pictures', name))
}

/** A question about a picture with the answer that llama-server gives to it. */
export interface PictureCase {
  /** As it stands before or behind the picture. */
  readonly question: string
  readonly pictureFirst: boolean
  readonly picture: Buffer
  readonly answer: string
}

type Part = { type: 'text'; text: string } | { type: 'image_url'; image_url: { url: string } }

/** All questions of known-good.json that have a picture. */
export function pictureCases(): PictureCase[] {
  const known = JSON.parse(readFileSync(join(fixtures, 'known-good.json'), 'utf8')) as {
    cap: string
    body: { messages: { content: Part[] }[] }
    answer: string
  }[]
  return known
    .filter(({ cap }) => cap.startsWith('image_'))
    .map(({ body, answer }) => {
      const parts = body.messages[0]!.content
      const text = parts.find(part => part.type === 'text')
      const image = parts.find(part => part.type === 'image_url')
      return {
        question: text?.text ?? '',
        pictureFirst: parts[0] === image,
        picture: Buffer.from(image?.image_url.url.split(',')[1] ?? '', 'base64'),
        answer,
      }
    })
}
