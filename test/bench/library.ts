import { measureConversion } from './library/conversion.ts'

/*
 * `npm run bench:library`: what the library does with gigabytes, beside the plain tool for the same bytes in the same
 * run, and the most memory it took. One function a row, each in a file of its own in `library/`.
 */

const MEGABYTE = 2 ** 20
const rate = (bytes: number, milliseconds: number) => `${((bytes / MEGABYTE / milliseconds) * 1000).toFixed(0)} MB/s`

for (const type of ['BF16', 'F32'] as const) {
  const { bytes, copy, convert, peakMemory } = await measureConversion(type)
  console.log(
    `convert ${(bytes / MEGABYTE).toFixed(0)} MB of ${type} safetensors: ${rate(bytes, convert)}, cp ${rate(bytes, copy)}, ` +
      `ratio ${(copy / convert).toFixed(2)}, peak memory ${(peakMemory / MEGABYTE).toFixed(0)} MB`,
  )
}
