import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'

/** How a model is loaded, by both servers alike. */
export interface Shape {
  readonly threads: number
  readonly slots: number
  /** Tokens of one slot. */
  readonly contextSize: number
}

/** What the bench asks of either server. */
export interface Server {
  readonly name: string
  complete(ask: Ask): Promise<Completed>
  /** @returns milliseconds until all vectors are there */
  embed(texts: readonly string[]): Promise<number>
}

export interface Ask {
  readonly prompt: string
  /** Most tokens to answer. */
  readonly tokens: number
  readonly stream?: boolean
  readonly schema?: object
  readonly signal?: AbortSignal
  readonly onPiece?: () => void
}

export interface Completed {
  readonly promptTokens: number
  readonly tokens: number
  readonly text: string
  /** Milliseconds from sending the request to the first byte and to the last. */
  readonly first: number
  readonly end: number
}

/** A program that serves on an address it prints. */
export interface Running {
  readonly address: string
  end(): Promise<void>
}

/**
 * Starts a program and waits until it has printed where it listens.
 * @throws Error with what it printed when it ends before
 */
export function startServer(
  command: string,
  args: readonly string[],
  options: Pick<SpawnOptions, 'env' | 'cwd'>,
  announced: RegExp,
) {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = new Promise<void>(resolve => child.once('close', () => resolve()))
  return new Promise<Running>((resolve, reject) => {
    let printed = ''
    const read = (chunk: Buffer) => {
      printed = (printed + chunk.toString()).slice(-100_000)
      const [, address] = announced.exec(printed) ?? []
      if (address) resolve({ address, end: () => end(child, ended) })
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
    child.once('error', reject)
    child.once('close', code => reject(new Error(`${command} ended with ${code}:\n${printed.slice(-4000)}`)))
  })
}

function end(child: ChildProcess, ended: Promise<void>): Promise<void> {
  child.kill('SIGTERM')
  return ended
}

/** The sampling of all answers: each server is told all of it, as their defaults differ. */
export const sampling = {
  temperature: 0.8,
  top_k: 40,
  top_p: 0.9,
  min_p: 0,
  repeat_penalty: 1.1,
  repeat_last_n: 64,
  seed: 42,
}

export function requireVectors(vectors: readonly unknown[], texts: readonly string[]): void {
  if (vectors.length !== texts.length) throw new Error(`${vectors.length} vectors for ${texts.length} texts`)
}
