import { execSync, fork } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { publish, startRegistry } from '../../integration/registry/debian-registry.ts'
import { weightsOf } from './weights.ts'

/*
 * A model of a gigabyte pulled from Debian's registry on this machine, against `curl` of the same blob into the same
 * folder; both are over when the bytes are on the disk. As curl hashes nothing, there are two more yardsticks:
 * `curl | sha256sum`, and what one processor takes for the SHA-256 alone, which no pull can beat. Each pull runs in a
 * process of its own, whose peak of memory counts. Turns alternate, and a gigabyte is written and removed before each:
 * pages that a virtual machine has not used for long cost its host up to two seconds a gigabyte, which whoever comes
 * second would be spared.
 */

export interface PullFigures {
  readonly bytes: number
  /** Milliseconds, the median. */
  readonly curl: number
  readonly curlAndSum: number
  readonly hash: number
  readonly pull: number
  /** Bytes of resident memory, the largest peak. */
  readonly peakMemory: number
  /** Milliseconds for which the event loop was held up at worst. */
  readonly heldUp: number
}

/**
 * @param place folder of the file system that is written to
 * @param turns of each
 */
export async function measurePull(place: string, turns: number): Promise<PullFigures> {
  const folder = await mkdtemp(join(place, 'hearth-bench-pull-'))
  const registry = await startRegistry()
  const weights = weightsOf(1e9)
  try {
    const { layers } = await publish(registry.host, 'library/big', 'latest', [['model', weights]])
    const [{ digest, size }] = layers as [(typeof layers)[number]]
    const blob = `http://${registry.host}/v2/library/big/blobs/${digest}`
    const curls: number[] = []
    const sums: number[] = []
    const hashes: number[] = []
    const pulls: { milliseconds: number; peakMemory: number; heldUp: number }[] = []
    for (let turn = 0; turn < turns; turn++) {
      const file = join(folder, 'blob')
      await warm(file, weights)
      curls.push(timed(() => execSync(`curl --silent --fail --output ${file} ${blob} && sync --data ${file}`)))
      await rm(file)
      sums.push(timed(() => execSync(`curl --silent --fail ${blob} | sha256sum`)))
      hashes.push(timed(() => createHash('sha256').update(weights).digest()))
      pulls.push(await pullInChild(join(folder, 'models'), `${registry.host}/library/big`, () => warm(file, weights)))
      await rm(join(folder, 'models'), { recursive: true })
    }
    return {
      bytes: size,
      curl: median(curls),
      curlAndSum: median(sums),
      hash: median(hashes),
      pull: median(pulls.map(({ milliseconds }) => milliseconds)),
      peakMemory: Math.max(...pulls.map(({ peakMemory }) => peakMemory)),
      heldUp: Math.max(...pulls.map(({ heldUp }) => heldUp)),
    }
  } finally {
    await registry.close()
    await rm(folder, { recursive: true, force: true })
  }
}

/** Leaves as much memory free that was used a moment ago, and nothing that waits to be written to a disk. */
async function warm(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'w')
  try {
    await file.writeFile(bytes)
    await file.datasync()
  } finally {
    await file.close()
  }
  await rm(path)
}

async function pullInChild(
  models: string,
  model: string,
  before: () => Promise<void>,
): Promise<{ milliseconds: number; peakMemory: number; heldUp: number }> {
  const script = join(import.meta.dirname, 'pull-child.ts')
  const child = fork(script, [models, model], { execArgv: ['--import', 'tsx'] })
  // It takes a second to start, in which memory goes back to the host.
  await once(child, 'message')
  await before()
  child.send('go')
  const [figures] = await once(child, 'message')
  await once(child, 'exit')
  return figures
}

function timed(work: () => unknown): number {
  const started = performance.now()
  work()
  return performance.now() - started
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!
