const headerBytes = 54

/**
 * An uncompressed picture file of 24 bits a pixel, which takes no time to write or read.
 * @param rgba four bytes a pixel, rows from the top; what is transparent keeps its colour
 */
export function bmp(width: number, height: number, rgba: Uint8Array | Uint8ClampedArray): Buffer {
  const rowBytes = Math.ceil((width * 3) / 4) * 4
  const file = Buffer.alloc(headerBytes + rowBytes * height)
  file.write('BM', 0, 'latin1')
  file.writeUInt32LE(file.length, 2)
  file.writeUInt32LE(headerBytes, 10)
  file.writeUInt32LE(40, 14)
  file.writeInt32LE(width, 18)
  // Negative: rows from the top.
  file.writeInt32LE(-height, 22)
  file.writeUInt16LE(1, 26)
  file.writeUInt16LE(24, 28)
  for (let y = 0; y < height; y++) {
    let to = headerBytes + y * rowBytes
    for (let from = y * width * 4, end = from + width * 4; from < end; from += 4) {
      file[to++] = rgba[from + 2]!
      file[to++] = rgba[from + 1]!
      file[to++] = rgba[from]!
    }
  }
  return file
}
