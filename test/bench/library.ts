import { existsSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { parseArgs } from 'node:util'
import { measureConversion } from './library/conversion.ts'
import { measurePull } from './library/pull.ts'
import { measureUpload } from './library/upload.ts'

/*
 * `npm run bench:library`: what the library does with gigabytes, beside the plain tool for the same bytes in the same
 * run, and the most memory it took. One function a row, each in a file of its own in `library/`.
 *
 *   --turns 5       of a pull and of curl
 *   --only WORD     the rows whose name holds the word: pull, store, convert
 */

const { values: options } = parseArgs({
  options: { turns: { type: 'string', default: '5' }, only: { type: 'string', default: '' } },
})
const wanted = (row: string): boolean => row.includes(options.only)

const megabyte = 2 ** 20
const rate = (bytes: number, milliseconds: number) => `${((bytes / megabyte / milliseconds) * 1000).toFixed(0)} MB/s`

/** What `statfs` calls a file system that lies in memory. */
const tmpfs = 0x01021994
const inMemory = (folder: string) => existsSync(folder) && statfsSync(folder).type === tmpfs

for (const [where, folder] of [
  ['memory', '/dev/shm'],
  ['disk', tmpdir()],
] as const) {
  if (!wanted('pull') || inMemory(folder) !== (where === 'memory')) continue
  const pulled = await measurePull(folder, Number(options.turns))
  console.log(
    `pull ${(pulled.bytes / megabyte).toFixed(0)} MB to ${where}: ${rate(pulled.bytes, pulled.pull)}, ` +
      `curl ${rate(pulled.bytes, pulled.curl)}, ratio ${(pulled.curl / pulled.pull).toFixed(2)}, ` +
      `curl | sha256sum ${rate(pulled.bytes, pulled.curlAndSum)}, ratio ${(pulled.curlAndSum / pulled.pull).toFixed(2)}, ` +
      `SHA-256 alone ${rate(pulled.bytes, pulled.hash)}, ` +
      `peak memory ${(pulled.peakMemory / megabyte).toFixed(0)} MB, ` +
      `event loop held up ${pulled.heldUp.toFixed(0)} ms at worst`,
  )
}
if (wanted('store')) {
  const stored = await measureUpload()
  console.log(
    `store a blob of ${(stored.bytes / megabyte).toFixed(0)} MB: ${rate(stored.bytes, stored.store)}, ` +
      `sha256sum ${rate(stored.bytes, stored.sha256sum)}, ratio ${(stored.sha256sum / stored.store).toFixed(2)}`,
  )
}
for (const type of wanted('convert') ? (['BF16', 'F32'] as const) : []) {
  const { bytes, copy, convert, peakMemory } = await measureConversion(type)
  console.log(
    `convert ${(bytes / megabyte).toFixed(0)} MB of ${type} safetensors: ${rate(bytes, convert)}, cp ${rate(bytes, copy)}, ` +
      `ratio ${(copy / convert).toFixed(2)}, peak memory ${(peakMemory / megabyte).toFixed(0)} MB`,
  )
}
