import { totalmem } from 'node:os'
import type { Llama } from 'node-llama-cpp'
import { Problem } from '../../problem.ts'

const gibibyte = 1024 ** 3

/**
 * Bytes a model and its context may take in main memory now: what is available and the free swap, less a reserve for
 * the rest of the machine. macOS makes its swap as it needs it, so there only what cannot be swapped counts as taken.
 * A limit put on this process (a container's) holds as well.
 */
export async function availableMemory(llama: Llama): Promise<number> {
  const reserve = Math.min(totalmem() * 0.03, gibibyte / 2)
  if (process.platform === 'darwin') {
    const { total, wired } = await llama.getRamState()
    return total - wired - reserve
  }
  const swap = await llama.getSwapState()
  return process.availableMemory() + Math.max(0, swap.maxSize - swap.used) - reserve
}

/**
 * @param needed bytes
 * @param available bytes
 * @throws Problem `out-of-memory`, worded as upstream llm/server.go does
 */
export function requireMemory(needed: number, available: number, details: string): void {
  if (needed <= available) return
  throw new Problem(
    'out-of-memory',
    500,
    `model requires more system memory (${inGibibytes(needed)}) than is available (${inGibibytes(Math.max(0, available))})`,
    details,
  )
}

function inGibibytes(bytes: number): string {
  return `${(bytes / gibibyte).toFixed(1)} GiB`
}
