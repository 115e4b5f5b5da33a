import type { Capability, GgufFacts, Model } from '../../library/model.ts'
import { Problem } from '../../problem.ts'

export function capabilities(model: Model, facts: GgufFacts): Set<Capability> {
  const set = new Set<Capability>((model.config.capabilities ?? []) as Capability[])
  set.add('completion')
  const jinja = facts.chatTemplate ?? ''
  if (/tools|tool_call/.test(jinja)) set.add('tools')
  if (jinja.includes('<think>') && jinja.includes('</think>')) set.add('thinking')
  return set
}

export function requireCapabilities(model: Model, can: ReadonlySet<Capability>, wants: readonly Capability[]): void {
  for (const want of wants)
    if (!can.has(want)) throw new Problem('capability-missing', 400, `${model.name.model} does not support ${want}`)
}
