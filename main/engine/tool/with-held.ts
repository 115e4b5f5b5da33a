import type { FreeMemory } from '../runner/load-plan.ts'
import type { HeldMemory } from '../tool-engine.ts'

/**
 * Memory that is free once models of ours have left. Weights that are only mapped count as free already: what a model
 * holds may count twice, and never for more than there is.
 * @param totalRam bytes
 */
export function withHeld(
  { ram, vram, isUnified, totalVram }: FreeMemory,
  held: HeldMemory,
  totalRam: number,
): FreeMemory {
  const freed = Math.min(totalVram, vram + held.vram)
  const shared = isUnified ? freed - vram : 0
  return { ram: Math.max(ram, Math.min(totalRam, ram + held.ram + shared)), vram: freed, isUnified, totalVram }
}
