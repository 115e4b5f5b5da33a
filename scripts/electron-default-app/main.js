/**
 * What a plain Electron runtime runs when it is started as `electron [switches] FOLDER`: it takes the app in FOLDER as
 * its own and imports that app's main file. Electron holds `ready` back until this module has settled, so the app may
 * still call what is only allowed before `ready`.
 */
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { app } from 'electron'

const folder = process.argv.slice(1).find(argument => !argument.startsWith('-'))
if (folder === undefined) throw new Error('usage: electron [switches] FOLDER')

const appPath = resolve(folder)
const manifest = JSON.parse(readFileSync(join(appPath, 'package.json'), 'utf8'))

process.defaultApp = true
app.setName(manifest.productName ?? manifest.name)
app.setVersion(manifest.version)
app.setAppPath(appPath)
await import(pathToFileURL(join(appPath, manifest.main)).href)
