import { join } from 'node:path'
import { app } from 'electron'
import type { Installed } from '../installed.ts'
import { utilityEngine, utilityTool } from './engine-utility.ts'
import { type Packaging, packagingOf } from './packaging.ts'

/**
 * The parts of Hearth under Electron.
 *
 * @param builtFolder out/: what was built, in main, preload and renderer
 */
export function installedApp(builtFolder: string): Installed {
  // Outside the archive of a packed app, as the model is mapped into memory (electron-builder.yml, extraResources).
  const assets = app.isPackaged ? process.resourcesPath : join(app.getAppPath(), 'assets')
  const entry = (name: string) => join(builtFolder, 'main', name)
  return {
    spawnEngine: utilityEngine(entry('engine-process.js')),
    spawnTool: utilityTool(entry('tool-process.js')),
    hashWorker: entry('hash-worker.js'),
    receiveWorker: entry('receive-worker.js'),
    bodyWorker: entry('body-worker.js'),
    grammarWorker: entry('grammar-worker.js'),
    promptWorker: entry('prompt-worker.js'),
    sheetWorker: entry('sheet-worker.js'),
    demoModelPath: join(assets, 'demo-model', 'tiny-chat-q8_0.gguf'),
    version: app.getVersion(),
  }
}

/** How this copy came onto the computer. */
export function packagingHere(): Packaging {
  const { env, execPath, platform, resourcesPath } = process
  return packagingOf({ packed: app.isPackaged, platform, env, program: execPath, resources: resourcesPath })
}
