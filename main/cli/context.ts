import type { Server } from './server.ts'
import type { Terminal } from './terminal.ts'

/** What every command works with. */
export interface CommandContext {
  readonly terminal: Terminal
  readonly server: Server
  /** Folder of the person's data: the history of prompts lies here. */
  readonly home: string
  readonly version: string
}
