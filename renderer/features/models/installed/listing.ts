import type { Conversation } from '../../../../preload/contract.ts'
import { type InstalledModel, modelKey } from '../installed-model.ts'

/** Orders of the installed models, in the order they are offered. */
export const orders = ['changed', 'used', 'name', 'size'] as const
export type Order = (typeof orders)[number]

const names = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' })

/** When each model answered in a chat last, by its key; milliseconds since 1970. */
export function lastUses(conversations: readonly Conversation[]): ReadonlyMap<string, number> {
  const uses = new Map<string, number>()
  for (const { model, updatedAt } of conversations) {
    const key = modelKey(model)
    if (updatedAt > (uses.get(key) ?? 0)) uses.set(key, updatedAt)
  }
  return uses
}

/** @param uses of `lastUses`; what was never used comes last */
export function ordered(
  models: readonly InstalledModel[],
  order: Order,
  uses: ReadonlyMap<string, number>,
): readonly InstalledModel[] {
  const used = ({ name }: InstalledModel) => uses.get(modelKey(name)) ?? 0
  const compare: Record<Order, (a: InstalledModel, b: InstalledModel) => number> = {
    changed: (a, b) => b.changedAt - a.changedAt,
    used: (a, b) => used(b) - used(a),
    name: () => 0,
    size: (a, b) => b.size - a.size,
  }
  return models.toSorted((a, b) => compare[order](a, b) || names.compare(a.name, b.name))
}

/** The models in whose description every word occurs. @param read what a person reads of a model */
export function filtered(
  models: readonly InstalledModel[],
  words: string,
  read: (model: InstalledModel) => string,
): readonly InstalledModel[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean)
  return models.filter(model => {
    const text = read(model).toLowerCase()
    return wanted.every(word => text.includes(word))
  })
}
