import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compose, type Hearth } from '../../main/compose.ts'
import { forkEngine, forkTool } from '../../main/engine/fork.ts'
import type { Settings } from '../../preload/contract.ts'

const project = join(import.meta.dirname, '..', '..')

export const fixtures = join(project, 'test', 'fixtures', 'models')

/** The engine entry as the build made it. */
export const spawnEngine = forkEngine(join(project, 'out', 'main', 'engine-process.js'))

export const spawnTool = forkTool(join(project, 'out', 'main', 'tool-process.js'))

/** The threads of downloads as the build made them. */
export const downloadThreads = {
  hashWorker: join(project, 'out', 'main', 'hash-worker.js'),
  receiveWorker: join(project, 'out', 'main', 'receive-worker.js'),
}

/** All of Hearth but its doors, in an empty home with the demo model alone. `end` closes it and removes its folder. */
export interface TestHearth {
  readonly hearth: Hearth
  readonly home: string
  readonly models: string
  end(): Promise<void>
}

/** @param settings written before the start */
export async function startHearth(env: Record<string, string> = {}, settings?: Partial<Settings>): Promise<TestHearth> {
  const folder = await mkdtemp(join(tmpdir(), 'hearth-test-'))
  const home = join(folder, 'home')
  const models = join(folder, 'models')
  if (settings !== undefined) {
    await mkdir(home)
    await writeFile(join(home, 'settings.json'), JSON.stringify(settings))
  }
  const hearth = await compose({
    home,
    userHome: folder,
    env: { OLLAMA_MODELS: models, ...env },
    spawnEngine,
    spawnTool,
    ...downloadThreads,
    bodyWorker: join(project, 'out', 'main', 'body-worker.js'),
    grammarWorker: join(project, 'out', 'main', 'grammar-worker.js'),
    promptWorker: join(project, 'out', 'main', 'prompt-worker.js'),
    sheetWorker: join(project, 'out', 'main', 'sheet-worker.js'),
    demoModelPath: join(project, 'assets', 'demo-model', 'tiny-chat-q8_0.gguf'),
    version: '0.0.0-test',
  })
  return {
    hearth,
    home,
    models,
    end: async () => {
      await hearth.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
