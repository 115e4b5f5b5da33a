import { systemMessage } from '../go/system-error.ts'
import { ModelfileError } from '../library/modelfile.ts'
import { clientUrl, ollamaHost } from '../ollama-host.ts'
import { type BackgroundServer, ensureServer } from './background.ts'
import { CommandError } from './command-error.ts'
import { printable } from './printable.ts'
import { type ProgramActions, runProgram } from './program.ts'
import { Server } from './server.ts'
import type { Terminal } from './terminal.ts'

export interface CommandLine {
  /** The words behind `hearth`. */
  readonly words: readonly string[]
  readonly terminal: Terminal
  readonly home: string
  readonly version: string
  readonly serve: ProgramActions['serve']
  /** How the command is started for a server in the background; undefined where it cannot be. */
  readonly background?: BackgroundServer
}

/** 128 and the number of SIGPIPE, as a shell shows a program that wrote to a reader who left. */
const readerLeft = 141

/** The command `hearth`. @returns the exit code; what went wrong has been printed */
export async function runCommandLine({ words, terminal, background, serve, ...rest }: CommandLine): Promise<number> {
  const printed = [terminal.output, terminal.errors]
  for (const stream of printed) stream.on('error', endWithoutReader)
  const serving: typeof serve = options => {
    for (const stream of printed) stream.off('error', endWithoutReader)
    return serve(options)
  }
  try {
    const server = new Server(serverAddress(terminal.env), rest.version)
    const context = { terminal, server, ...rest }
    await runProgram(words, context, { serve: serving, ensureServer: () => ensureServer(context, background) })
    return 0
  } catch (error) {
    terminal.errors.write(`Error: ${printable(reasonOf(error))}\n`)
    return 1
  }
}

/** Nobody reads any more (`hearth list | head -1`): there is nothing left to do, and nobody left to tell. */
function endWithoutReader(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error
  process.exit(readerLeft)
}

function serverAddress(env: NodeJS.ProcessEnv): string {
  const address = clientUrl(ollamaHost(env))
  if (!URL.canParse(address)) throw new CommandError(`OLLAMA_HOST is no address: ${address}`)
  const { protocol } = new URL(address)
  if (protocol !== 'http:' && protocol !== 'https:')
    throw new CommandError(`OLLAMA_HOST is neither http nor https: ${address}`)
  return address
}

/** What a person can do something with in a line; a fault of the program itself with where it is. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const expected = error instanceof CommandError || error instanceof ModelfileError
  return expected ? error.message : (systemMessage(error) ?? error.stack ?? error.message)
}
