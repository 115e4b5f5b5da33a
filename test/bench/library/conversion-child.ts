import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { convertSafetensors } from '../../../main/engine/tool/safetensors/convert.ts'

/** Converts the folder it is given; says how long that took and the most memory this process ever had. */
const folder = process.argv[2]!
const output = join(folder, 'converted.gguf')
const files = Object.fromEntries((await readdir(folder)).map(name => [name, join(folder, name)]))
const started = performance.now()
await convertSafetensors({ files, output })
const milliseconds = performance.now() - started
await rm(output)
process.send!({ milliseconds, peakMemory: process.resourceUsage().maxRSS * 1024 }, () => process.disconnect())
