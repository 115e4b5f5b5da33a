/**
 * The environment of an engine process.
 *
 * One libuv worker: the native jobs of llama.node and node-llama-cpp are queued there, and a second worker would run
 * one beside another with a team of computing threads of its own, each spinning against the other. With one they also
 * run in the order they were queued.
 */
export function engineEnvironment(env: NodeJS.ProcessEnv): Record<string, string> {
  return { ...toolEnvironment(env), UV_THREADPOOL_SIZE: '1' }
}

/** The environment of a tool process: options meant for main's own Node (a debugger's port, a loader) stay away. */
export function toolEnvironment(env: NodeJS.ProcessEnv): Record<string, string> {
  const own: Record<string, string> = {}
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined && name !== 'NODE_OPTIONS') own[name] = value
  }
  return own
}
