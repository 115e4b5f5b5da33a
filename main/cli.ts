import { homedir } from 'node:os'
import { join } from 'node:path'
import { runCommandLine } from './cli/command-line.ts'
import { installedAt } from './installed.ts'
import { hearthHome } from './settings/home.ts'

/** The command `hearth` under plain Node. */
const { env, stdin, stdout, stderr } = process
const installed = installedAt(import.meta.dirname)

process.exitCode = await runCommandLine({
  words: process.argv.slice(2),
  terminal: { input: stdin, output: stdout, errors: stderr, env },
  home: hearthHome(env, process.platform, homedir()),
  version: installed.version,
  // Loaded when it is asked for alone: a command that only asks a server is to start at once.
  serve: async options => {
    const { serve } = await import('./serve.ts')
    const code = await serve({ ...installed, ...options })
    if (code !== 0) process.exit(code)
  },
  background: { command: process.execPath, args: [join(import.meta.dirname, 'cli.js')] },
})
