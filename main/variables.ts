import { goBool } from './go/text.ts'

/**
 * A variable as Ollama reads it: spaces around it and quotes around that are dropped (upstream envconfig/config.go).
 * @returns the empty string when it is not set
 */
export function variable(env: NodeJS.ProcessEnv, name: string): string {
  return (env[name] ?? '').trim().replace(/^["']+|["']+$/g, '')
}

/** A variable that says yes or no; any text that is no boolean means yes. Undefined when it is not set. */
export function flag(env: NodeJS.ProcessEnv, name: string): boolean | undefined {
  const text = variable(env, name)
  return text === '' ? undefined : (goBool(text) ?? true)
}
