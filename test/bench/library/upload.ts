import { execFileSync } from 'node:child_process'
import { createReadStream, existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Library } from '../../../main/library/library.ts'
import { weightsOf } from './weights.ts'

/** A blob of a gigabyte stored as /api/blobs stores it, hashed on its way, against `sha256sum` of the same file. */
export interface UploadFigures {
  readonly bytes: number
  /** Milliseconds, the median. */
  readonly sha256sum: number
  readonly store: number
}

const turns = 3

export async function measureUpload(): Promise<UploadFigures> {
  const folder = await mkdtemp(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'hearth-bench-upload-'))
  try {
    const bytes = 1e9
    const file = join(folder, 'weights')
    await writeFile(file, weightsOf(bytes))
    const sums: number[] = []
    const stores: number[] = []
    for (let turn = 0; turn < turns; turn++) {
      const models = join(folder, 'models')
      sums.push(await timed(async () => void execFileSync('sha256sum', [file])))
      const library = new Library({ modelsFolder: models })
      stores.push(await timed(() => library.blobs.write(createReadStream(file))))
      await rm(models, { recursive: true })
    }
    return { bytes, sha256sum: median(sums), store: median(stores) }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await work()
  return performance.now() - started
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!
