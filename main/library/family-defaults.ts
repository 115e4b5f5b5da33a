import type { CreateRequest } from './create-request.ts'

interface FamilyDefaults {
  /** Renderer and parser. */
  readonly format: string
  readonly stop?: readonly string[]
}

/** Families whose prompts and answers upstream knows by their architecture. */
function defaultsOf(architecture: string): FamilyDefaults | undefined {
  if (architecture === 'gemma4') return { format: 'gemma4', stop: ['<turn|>'] }
  if (architecture === 'laguna') return { format: 'laguna' }
  return architecture.startsWith('nemotron_h') ? { format: 'nemotron-3-nano' } : undefined
}

/** A request to make a model of files, with what its family needs where it does not say (upstream server/create.go). */
export function withFamilyDefaults(request: CreateRequest, architecture: string): CreateRequest {
  const defaults = defaultsOf(architecture)
  if (!defaults) return request
  return {
    ...request,
    renderer: request.renderer || defaults.format,
    parser: request.parser || defaults.format,
    ...(defaults.stop ? { parameters: { stop: defaults.stop, ...request.parameters } } : {}),
  }
}
