import { join, resolve } from 'node:path'
import { flag, variable } from '../variables.ts'

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

/** OLLAMA_NOPRUNE: leave unreferenced blobs alone. */
export function pruningDisabled(env: NodeJS.ProcessEnv): boolean {
  return flag(env, 'OLLAMA_NOPRUNE') ?? false
}
