import { join, resolve } from 'node:path'
import { goBool } from '../go/text.ts'

/**
 * A variable as Ollama reads it: spaces around it and quotes around that are dropped (upstream envconfig/config.go).
 * @returns the empty string when it is not set
 */
export function variable(env: NodeJS.ProcessEnv, name: string): string {
  return (env[name] ?? '').trim().replace(/^["']+|["']+$/g, '')
}

/**
 * The folder models live in: OLLAMA_MODELS, else the one the person moved them to, else `.ollama/models` in the
 * person's home. Absolute.
 */
export function modelsFolder(env: NodeJS.ProcessEnv, homeDirectory: string, chosen: string | null = null): string {
  const folder = variable(env, 'OLLAMA_MODELS')
  if (folder !== '') return resolve(folder)
  return chosen === null ? join(homeDirectory, '.ollama', 'models') : resolve(chosen)
}

/** OLLAMA_MODELS is set: it says where the models lie, whatever the settings say. */
export function modelsFolderFixed(env: NodeJS.ProcessEnv): boolean {
  return variable(env, 'OLLAMA_MODELS') !== ''
}

/** OLLAMA_NOPRUNE: leave unreferenced blobs alone. Any text that is no boolean means yes, as upstream. */
export function pruningDisabled(env: NodeJS.ProcessEnv): boolean {
  const text = variable(env, 'OLLAMA_NOPRUNE')
  return text !== '' && (goBool(text) ?? true)
}
