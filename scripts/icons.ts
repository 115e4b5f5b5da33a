import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { projectFolder } from './project.ts'
import { run } from './run.ts'

/*
 * `npm run icons`: every size of the icon, from the two drawings in assets/icons, by rsvg-convert (Debian's
 * librsvg2-bin). The results are kept in the repository, so that a package can be built where it is missing.
 */

const folder = join(projectFolder, 'assets', 'icons')

/** Pixels, as freedesktop's icon theme and Windows ask for them. */
const sizes = [16, 24, 32, 48, 64, 96, 128, 256, 512, 1024]

/** Up to this size the simpler drawing is clearer. */
const smallest = 32

/** What Windows shows, up to 256 pixels. */
const windowsSizes = [16, 24, 32, 48, 64, 128, 256]

/** Apple's names for PNG pictures in an icon file, by pixels. */
const appleTypes: Readonly<Record<number, readonly string[]>> = {
  16: ['icp4'],
  32: ['icp5', 'ic11'],
  64: ['icp6', 'ic12'],
  128: ['ic07'],
  256: ['ic08', 'ic13'],
  512: ['ic09', 'ic14'],
  1024: ['ic10'],
}

/** Apple's grid leaves a tenth of the canvas free on every side, for the shadow. */
const appleContent = 0.82

const drawing = (size: number): string => join(folder, size <= smallest ? 'hearth-small.svg' : 'hearth.svg')

/** @param content how much of the square the drawing takes, from 0 to 1 */
async function draw(size: number, file: string, content = 1): Promise<Buffer> {
  const inner = Math.round(size * content)
  const margin = Math.floor((size - inner) / 2)
  const page = ['--page-width', `${size}`, '--page-height', `${size}`, '--left', `${margin}`, '--top', `${margin}`]
  const drawn = await run('rsvg-convert', [...page, '-w', `${inner}`, '-h', `${inner}`, drawing(size), '-o', file])
  if (drawn.code !== 0) throw new Error(`rsvg-convert failed (Debian: librsvg2-bin): ${drawn.output}`)
  return readFile(file)
}

/** A Windows icon: a header, an entry for each picture, then the pictures as PNG. */
function windowsIcon(pictures: readonly { size: number; png: Buffer }[]): Buffer {
  const head = Buffer.alloc(6 + 16 * pictures.length)
  head.writeUInt16LE(1, 2)
  head.writeUInt16LE(pictures.length, 4)
  let offset = head.length
  pictures.forEach(({ size, png }, index) => {
    const at = 6 + 16 * index
    // 0 stands for 256.
    head.writeUInt8(size % 256, at)
    head.writeUInt8(size % 256, at + 1)
    head.writeUInt16LE(1, at + 4)
    head.writeUInt16LE(32, at + 6)
    head.writeUInt32LE(png.length, at + 8)
    head.writeUInt32LE(offset, at + 12)
    offset += png.length
  })
  return Buffer.concat([head, ...pictures.map(({ png }) => png)])
}

/** An Apple icon: `icns`, its length, then each picture as its type, its length and its PNG. */
function appleIcon(pictures: readonly { type: string; png: Buffer }[]): Buffer {
  const block = (type: string, content: Buffer) => {
    const head = Buffer.alloc(8)
    head.write(type, 'latin1')
    head.writeUInt32BE(content.length + 8, 4)
    return Buffer.concat([head, content])
  }
  return block('icns', Buffer.concat(pictures.map(({ type, png }) => block(type, png))))
}

const temporary = await mkdtemp(join(tmpdir(), 'hearth-icons-'))
try {
  const pictures = new Map<number, Buffer>()
  for (const size of sizes) pictures.set(size, await draw(size, join(folder, `${size}x${size}.png`)))
  const png = (size: number) => pictures.get(size) as Buffer
  await writeFile(join(folder, 'icon.ico'), windowsIcon(windowsSizes.map(size => ({ size, png: png(size) }))))

  const apple: { type: string; png: Buffer }[] = []
  for (const [size, types] of Object.entries(appleTypes)) {
    const png = await draw(Number(size), join(temporary, `${size}.png`), appleContent)
    apple.push(...types.map(type => ({ type, png })))
  }
  await writeFile(join(folder, 'icon.icns'), appleIcon(apple))
} finally {
  await rm(temporary, { recursive: true })
}
