import type { CommandContext } from '../context.ts'
import { Progress } from '../progress/progress.ts'
import { type RunSettings, requestSettings } from './settings.ts'

/** Brings a model into memory, with a sign of life on the screen meanwhile. */
export async function load(context: CommandContext, model: string, settings: RunSettings): Promise<void> {
  const progress = new Progress({ ...context.terminal, errors: context.terminal.output })
  try {
    progress.step('')
    const body = { model, ...requestSettings(settings), stream: false }
    await context.server.json('POST', '/api/generate', { body })
  } finally {
    progress.clear()
  }
}
