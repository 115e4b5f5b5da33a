import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SpawnEngineProcess } from './engine/engine.ts'
import { forkEngine, forkTool } from './engine/fork.ts'

/** What was built and shipped with this Hearth. Absolute paths. */
export interface Installed {
  readonly spawnEngine: SpawnEngineProcess
  /** Starts a process for a job on model files. */
  readonly spawnTool: SpawnEngineProcess
  /** The built threads: hash-worker.js and its neighbours. */
  readonly hashWorker: string
  readonly receiveWorker: string
  readonly bodyWorker: string
  readonly grammarWorker: string
  readonly promptWorker: string
  readonly sheetWorker: string
  /** The GGUF shipped as `hearth-demo`. */
  readonly demoModelPath: string
  readonly version: string
}

/**
 * The parts of Hearth under plain Node.
 * @param entryFolder where the bundled entries lie, out/main; a chunk they share lies elsewhere
 */
export function installedAt(entryFolder: string): Installed {
  const project = join(entryFolder, '..', '..')
  const { version } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8')) as { version: string }
  return {
    spawnEngine: forkEngine(join(entryFolder, 'engine-process.js')),
    spawnTool: forkTool(join(entryFolder, 'tool-process.js')),
    hashWorker: join(entryFolder, 'hash-worker.js'),
    receiveWorker: join(entryFolder, 'receive-worker.js'),
    bodyWorker: join(entryFolder, 'body-worker.js'),
    grammarWorker: join(entryFolder, 'grammar-worker.js'),
    promptWorker: join(entryFolder, 'prompt-worker.js'),
    sheetWorker: join(entryFolder, 'sheet-worker.js'),
    demoModelPath: join(project, 'assets', 'demo-model', 'tiny-chat-q8_0.gguf'),
    version,
  }
}
