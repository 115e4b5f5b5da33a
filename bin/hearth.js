#!/usr/bin/env node
// The command `hearth`. An installed package brings what it runs, in out/; a checkout makes it of its present sources.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const project = join(import.meta.dirname, '..')
const command = join(project, 'out', 'main', 'cli.js')
const workshop = join(project, 'scripts', 'prepare-command.ts')

if (existsSync(workshop)) {
  await import('tsx')
  await import(pathToFileURL(workshop).href)
}
await import(pathToFileURL(command).href)
