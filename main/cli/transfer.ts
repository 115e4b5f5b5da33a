import type { ProgressLine } from './api.ts'
import type { CommandContext } from './context.ts'
import { Progress } from './progress/progress.ts'

interface TransferOptions {
  readonly insecure?: boolean
}

/** `pull`: fetches a model. */
export function pull(context: CommandContext, model: string, { insecure = false }: TransferOptions): Promise<void> {
  return withProgress(context, progress =>
    follow(context, progress, '/api/pull', { model, name: model, insecure, stream: true }),
  )
}

/** `push`: brings a model to its registry. */
export function push(context: CommandContext, model: string, { insecure = false }: TransferOptions): Promise<void> {
  return withProgress(context, progress =>
    follow(context, progress, '/api/push', { model, name: model, insecure, stream: true }),
  )
}

/** Shows progress while `work` runs. What stood there last stays, so that an error is read below what led to it. */
export async function withProgress(
  context: CommandContext,
  work: (progress: Progress) => Promise<void>,
): Promise<void> {
  const progress = new Progress(context.terminal)
  try {
    await work(progress)
  } finally {
    progress.finish()
  }
}

/**
 * Asks for a long work and shows what the server tells of it: a bar for each digest, a step for each other status.
 * @throws as Server.lines
 */
export async function follow(
  { server }: CommandContext,
  progress: Progress,
  path: '/api/pull' | '/api/push' | '/api/create',
  body: object,
): Promise<void> {
  let last = ''
  const lines = server.lines<ProgressLine>(path, { body }, line => line.status === 'success')
  for await (const line of lines) {
    const { status = '', digest, total, completed = 0 } = line
    // Work on several files goes by the same stand-in for a digest, under another status each.
    if (digest && total) progress.bar(`${status} ${digest}`, status || `pulling ${digest}`, total, completed)
    else if (status !== '' && status !== last) progress.step(status)
    last = digest ? '' : status
  }
}
