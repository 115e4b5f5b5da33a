import { useEffect, useState } from 'react'
import type { OtherFolder } from '../../../preload/contract.ts'
import { call } from '../../state/bridge.ts'
import { attempt } from '../../state/perform.ts'
import { useSettings } from '../../state/settings.ts'

/** Folders with models of Ollama's that are not in use; looked for again when another one is. */
export function useOtherFolders(): readonly OtherFolder[] {
  const [folders, setFolders] = useState<readonly OtherFolder[]>([])
  const inUse = useSettings(({ modelsFolder }) => modelsFolder)
  // biome-ignore lint/correctness/useExhaustiveDependencies: which are others depends on the one in use
  useEffect(() => attempt(async () => setFolders((await call('modelsFolder.others', {})).folders)), [inUse])
  return folders
}

/** Takes a folder with models in it as it is; null asks for one. */
export async function takeFolder(path: string | null): Promise<void> {
  await call('modelsFolder.use', { path })
}
