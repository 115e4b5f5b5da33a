import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Library } from '../../../main/library/library.ts'
import { FolderInUse } from '../../../main/library/moving/folder-in-use.ts'
import { ModelsMove, type ModelsMoveOptions, type Move } from '../../../main/library/moving/models-move.ts'
import { Notices } from '../../../main/settings/notices.ts'
import { SettingsStore } from '../../../main/settings/settings-store.ts'

/** What moves a models folder, put together as a start of Hearth does it. @param usual the folder before any move */
export function openMove(home: string, usual: string, over: Partial<ModelsMoveOptions> = {}) {
  const settings = new SettingsStore({ home, notices: new Notices() })
  const root = settings.get().modelsFolder ?? usual
  const inUse = FolderInUse.share(home, root)
  const library = new Library({ modelsFolder: root })
  const move = new ModelsMove({
    library,
    inUse,
    home,
    pulls: { hold: async () => () => undefined },
    fixed: false,
    homes: [],
    remembered: () => settings.get().modelsFolder,
    remember: path => settings.change({ modelsFolder: path }),
    onSwitched: async () => undefined,
    isBusy: () => false,
    ...over,
  })
  return { settings, library, move, root, inUse }
}

/** Waits for the end of a move. @returns what became of it */
export function ended(move: ModelsMove): Promise<Move> {
  return new Promise(resolve => {
    const stop = move.watch(({ move: now }) => {
      if (!now || !['done', 'failed', 'cancelled'].includes(now.state)) return
      resolve(now)
      // Told at once, the watch has not said yet how to end it.
      queueMicrotask(() => stop())
    })
  })
}

export const isJournalled = (home: string): boolean => existsSync(join(home, 'models-move.json'))
