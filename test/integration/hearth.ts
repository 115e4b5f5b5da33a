import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compose, type Hearth } from '../../main/compose.ts'
import { installedAt } from '../../main/installed.ts'
import type { Settings } from '../../preload/contract.ts'

const project = join(import.meta.dirname, '..', '..')

export const fixtures = join(project, 'test', 'fixtures', 'models')

/** As the build made it. */
const installed = installedAt(join(project, 'out', 'main'))
export const { spawnTool } = installed
export const downloadThreads = { hashWorker: installed.hashWorker, receiveWorker: installed.receiveWorker }

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
    ...installed,
    home,
    userHome: folder,
    env: { OLLAMA_MODELS: models, ...env },
    version: '0.0.0-test',
  })
  return {
    hearth,
    home,
    models,
    end: async () => {
      await hearth.close()
      await rm(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}
