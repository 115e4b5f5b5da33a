import { statSync } from 'node:fs'
import { appendFile, rm } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { dirname } from 'node:path'
import { requireSpace } from '../../../files/free-space.ts'
import { readHeader } from '../../../gguf/header.ts'
import { fileTypeNumber } from '../../../gguf/types.ts'
import { Problem } from '../../../problem.ts'
import type { QuantizeJob } from '../../tool-engine.ts'
import { type Libllama, openLibllama, type QuantizeChoices } from './libllama.ts'
import { tensorOverrides } from './tensor-overrides.ts'

/** Bytes of tensor rows llama.cpp may hold at once; its own limit is 8 GiB. */
const rowBytes = 64 * 2 ** 20
/** Milliseconds between two looks at whether the output grows. */
const lookInterval = 5000
const mebibyte = 2 ** 20

/**
 * Writes a GGUF with its tensors in other types, as llama-quantize does (upstream server/quantization.go).
 * @param onProgress told the bytes of the source that are done with; repeated as a sign of life within a large tensor
 * @throws Problem 500 `llama-quantize failed: …`, `disk-full`
 */
export async function quantize(
  { source, output, fileType }: QuantizeJob,
  onProgress: (done: number, total: number) => void,
): Promise<void> {
  const header = await readHeader(source)
  const total = header.fileSize
  const choices: QuantizeChoices = {
    ftype: fileTypeNumber(fileType),
    nthread: availableParallelism(),
    allow_requantize: true,
    tt_overrides: [...tensorOverrides(header, fileType), { pattern: null, type: 0 }],
    max_buf_size: rowBytes,
  }
  let done = 0
  let writing = false
  const libllama = await openLibllama(text => {
    const [, tensor, tensors] = /^\[ *(\d+)\/ *(\d+)\]/.exec(text) ?? []
    if (!writing || tensor === undefined) return
    done = Math.floor(((Number(tensor) - 1) / Number(tensors)) * total)
    onProgress(done, total)
  })

  if ((await libllama.quantize(source, output, { ...choices, dry_run: true })) !== 0) throw failure(libllama)
  await requireSpace(dirname(output), writtenBytes(libllama.log.toString()))
  writing = true
  let size = 0
  const look = setInterval(() => {
    const grown = statSync(output, { throwIfNoEntry: false })?.size ?? 0
    if (grown !== size) onProgress(done, total)
    size = grown
  }, lookInterval)
  try {
    if ((await libllama.quantize(source, output, choices)) !== 0) throw await whyNotWritten(output, failure(libllama))
    // llama.cpp overlooks some failed writes; then the header, which comes last, is not there or says too much.
    await readHeader(output).catch(async error => {
      throw await whyNotWritten(output, error)
    })
  } finally {
    clearInterval(look)
  }
  onProgress(total, total)
}

/** Bytes the result will have but for its header, as a dry run tells. */
function writtenBytes(log: string): number {
  const [, mebibytes] = /quant size *= *([\d.]+) MiB/.exec(log) ?? []
  return Number(mebibytes ?? 0) * mebibyte
}

/** llama.cpp says of a failed write only that it failed; the file system says why. */
async function whyNotWritten(output: string, failed: unknown): Promise<unknown> {
  try {
    await appendFile(output, Buffer.alloc(mebibyte))
    return failed
  } catch (error) {
    return error
  } finally {
    await rm(output, { force: true })
  }
}

/** What llama.cpp's log says of a failure. */
function failure({ log }: Libllama): Problem {
  const details = log.toString()
  const reason = /failed to quantize: (.*)/.exec(details)?.[1] ?? 'no reason given'
  const text = `llama-quantize failed: ${reason}`
  if (/unknown model architecture/.test(reason)) return new Problem('unsupported-architecture', 500, text, details)
  if (/bad_alloc/.test(reason)) return new Problem('out-of-memory', 500, text, details)
  return new Problem('internal', 500, text, details)
}
