import { goJson } from '../go/text.ts'
import { badRequest } from './create-request.ts'
import type { ModelConfig } from './model.ts'

export function emptyConfig(): ModelConfig {
  return { model_format: '', model_family: '', model_families: null, model_type: '', file_type: '' }
}

/** Keys in the order Ollama writes them (upstream types/model/config.go). */
const order = [
  'model_format',
  'model_family',
  'model_families',
  'model_type',
  'file_type',
  'renderer',
  'parser',
  'requires',
  'remote_host',
  'remote_model',
  'capabilities',
  'context_length',
  'embedding_length',
  'base_name',
  'draft',
] as const

/** The bytes of a config blob. Fields that a later Ollama put into the base's config are carried over. */
export function formatConfig(config: ModelConfig): string {
  const { architecture, os, ...rest } = config
  const known = order.map(key => [key, rest[key]] as const)
  const further = Object.entries(rest).filter(([key]) => !(order as readonly string[]).includes(key))
  const filled = [...known, ...further].filter(([, value]) => value !== undefined)
  return `${goJson(Object.fromEntries([...filled, ['architecture', architecture ?? 'amd64'], ['os', os ?? 'linux']]))}\n`
}

/**
 * Applies a create request's `info` (upstream server/create.go).
 * @throws Problem 400 `info field "…" must be …`
 */
export function applyInfo(config: ModelConfig, info: Readonly<Record<string, unknown>>): ModelConfig {
  const applied: ModelConfig = { ...config }
  const { capabilities } = info
  if (capabilities !== undefined) {
    if (!Array.isArray(capabilities)) throw badRequest('info field "capabilities" must be an array of strings')
    const odd = capabilities.findIndex(item => typeof item !== 'string')
    if (odd >= 0) throw badRequest(`info field "capabilities" element ${odd} must be a string`)
    applied.capabilities = capabilities
  }
  const text = (field: string, set: (value: string) => void) => {
    const value = info[field]
    if (value === undefined) return
    if (typeof value !== 'string') throw badRequest(`info field "${field}" must be a string`)
    set(value)
  }
  const count = (field: string, set: (value: number) => void) => {
    const value = info[field]
    if (value === undefined) return
    if (typeof value !== 'number') throw badRequest(`info field "${field}" must be a number`)
    if (!Number.isSafeInteger(value) || value < 0) {
      throw badRequest(`info field "${field}" must be a non-negative integer`)
    }
    set(value)
  }
  text('model_family', value => {
    applied.model_family = value
    applied.model_families = value === '' ? null : [value]
  })
  text('base_name', value => {
    applied.base_name = value || undefined
  })
  text('quantization_level', value => {
    applied.file_type = value
  })
  text('parameter_size', value => {
    applied.model_type = value
  })
  count('context_length', value => {
    applied.context_length = value || undefined
  })
  count('embedding_length', value => {
    applied.embedding_length = value || undefined
  })
  return applied
}
