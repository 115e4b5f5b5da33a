import { randomFillSync } from 'node:crypto'

/** Bytes that stand for a model's weights: nothing on the way can make them fewer. */
export function weightsOf(bytes: number): Buffer {
  const weights = Buffer.allocUnsafe(bytes)
  const step = 2 ** 28
  for (let at = 0; at < bytes; at += step) randomFillSync(weights, at, Math.min(step, bytes - at))
  return weights
}
