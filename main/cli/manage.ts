import { goQuote } from '../go/text.ts'
import { CommandError } from './command-error.ts'
import type { CommandContext } from './context.ts'
import { printableLine } from './printable.ts'
import { ServerError } from './server.ts'

/** `cp`: another name for a model. */
export async function copy({ server, terminal }: CommandContext, source: string, destination: string): Promise<void> {
  await server.json('POST', '/api/copy', { body: { source, destination } })
  terminal.output.write(`copied '${printableLine(source)}' to '${printableLine(destination)}'\n`)
}

/** `rm`: takes each model out of memory and deletes it; the first that cannot be deleted ends it. */
export async function remove(context: CommandContext, models: readonly string[]): Promise<void> {
  const { server, terminal } = context
  for (const model of models) {
    try {
      await unload(context, model)
    } catch (error) {
      // That it is not there is told when it is to be deleted.
      if (!(error instanceof ServerError)) throw error
      if (error.status !== 404) terminal.errors.write(`Warning: unable to stop model '${printableLine(model)}'\n`)
    }
    await server.json('DELETE', '/api/delete', { body: { model, name: model } })
    terminal.output.write(`deleted '${printableLine(model)}'\n`)
  }
}

/** `stop`: takes a model out of memory. */
export async function stop(context: CommandContext, model: string): Promise<void> {
  try {
    await unload(context, model)
  } catch (error) {
    if (!(error instanceof ServerError) || error.status !== 404) throw error
    throw new CommandError(`couldn't find model ${goQuote(model)} to stop`)
  }
}

function unload({ server }: CommandContext, model: string): Promise<unknown> {
  return server.json('POST', '/api/generate', { body: { model, keep_alive: 0 } })
}

/** `version`: the server's, and this program's where it is another. */
export async function version({ server, terminal, version }: CommandContext): Promise<void> {
  let running: string | undefined
  try {
    running = (await server.json<{ version: string }>('GET', '/api/version')).version
    terminal.output.write(`hearth version is ${printableLine(running)}\n`)
  } catch (error) {
    if (!(error instanceof CommandError)) throw error
    terminal.output.write(`Warning: ${printableLine(error.message)}\n`)
  }
  if (running !== version) terminal.output.write(`Warning: client version is ${version}\n`)
}
