import { useEffect, useState } from 'react'
import type { OtherFolder } from '../../../preload/contract.ts'
import { call } from '../../state/bridge.ts'
import { attempt } from '../../state/perform.ts'
import { useSettings } from '../../state/settings.ts'

/**
 * Folders with models of Ollama's that are not in use; looked for again when another one is. Null before that is known.
 */
export function useOtherFolders(): readonly OtherFolder[] | null {
  const [folders, setFolders] = useState<readonly OtherFolder[] | null>(null)
  const inUse = useSettings(({ modelsFolder }) => modelsFolder)
  // biome-ignore lint/correctness/useExhaustiveDependencies: which are others depends on the one in use
  useEffect(() => attempt(() => look().then(setFolders)), [inUse])
  return folders

  async function look() {
    try {
      return (await call('modelsFolder.others', {})).folders
    } catch (error) {
      setFolders(known => known ?? [])
      throw error
    }
  }
}

/** Takes a folder with models in it as it is; null asks for one. */
export async function takeFolder(path: string | null): Promise<void> {
  await call('modelsFolder.use', { path })
}
