import { access, constants, mkdir, readdir, rmdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { ifThere } from '../../files/errno.ts'
import { requireSpace } from '../../files/free-space.ts'
import { Problem } from '../../problem.ts'
import { ModelsFolder } from '../models-folder.ts'
import { copyVerified, type FolderFile, filesOf, removeTwins, syncFolders } from './folder-files.ts'
import { type BegunMove, MoveJournal } from './move-journal.ts'

/** Left free beside the models. Bytes. */
const spareBytes = 16 * 1024 * 1024

/** A models folder's files in two places: the journal tells of it from the first byte copied to the last one removed. */
export class FolderCopy {
  readonly #journal: MoveJournal

  /**
   * @param home Hearth's own
   * @param closing ends what is being removed
   */
  constructor(
    home: string,
    private readonly closing: AbortSignal,
  ) {
    this.#journal = new MoveJournal(home)
  }

  /** From now on a start puts in order what a kill interrupts. */
  begin(move: BegunMove): Promise<void> {
    return this.#journal.write(move)
  }

  /** Copies the files and verifies them. @param onBytes told of bytes copied, and again of bytes verified */
  async make(
    { from, to }: BegunMove,
    files: readonly FolderFile[],
    options: { signal: AbortSignal; onBytes: (bytes: number) => void },
  ): Promise<void> {
    await new ModelsFolder(to).make()
    for (const { path } of files) await copyVerified(join(from, path), join(to, path), options)
    await syncFolders(to, files)
  }

  /** Removes from one folder what the other holds as well; what cannot be removed yet, `settle` does. */
  async clear(spare: string, other: string): Promise<void> {
    if (await removeTwins(new ModelsFolder(spare), new ModelsFolder(other), this.closing)) await this.forget()
  }

  /** Removes what an earlier move left in the folder that is not in use. @param inUse as the settings name it */
  async settle(inUse: string | null): Promise<void> {
    const begun = await this.#journal.read()
    if (!begun) return
    const [spare, other] = inUse === begun.to ? [begun.from, begun.to] : [begun.to, begun.from]
    // With its disk it is away for now, and nothing can be told to be there twice.
    if (await ifThere(stat(other))) await this.clear(spare, other)
  }

  /** What an earlier move left over stays. */
  forget(): Promise<void> {
    return this.#journal.remove()
  }
}

/** @throws Problem `folder-not-usable` where manifests of a later Ollama may need blobs that Hearth would remove */
export async function movable(folder: ModelsFolder): Promise<FolderFile[]> {
  const siblings = (await ifThere(readdir(folder.root))) ?? []
  if (siblings.some(name => name.startsWith('manifests') && name !== 'manifests')) {
    throw new Problem('folder-not-usable', 400, 'the models folder was made by a later version', folder.root)
  }
  return filesOf(folder)
}

export const sizeOf = (files: readonly FolderFile[]) => files.reduce((sum, { size }) => sum + size, 0)

/** What cannot be removed would be there twice, for good. @throws Problem `models-not-ours` */
export async function requireOurs({ root, manifests, blobs }: ModelsFolder): Promise<void> {
  for (const path of [root, manifests, blobs]) {
    await ifThere(access(path, constants.W_OK | constants.X_OK)).catch((error: unknown) => {
      throw new Problem('models-not-ours', 403, 'the models folder may not be changed', String(error))
    })
  }
}

/** Makes the folder, and sure that so many bytes fit into it. */
export async function prepare(to: string, bytes: number): Promise<void> {
  const made = await mkdir(to, { recursive: true, mode: 0o755 })
  try {
    await requireSpace(to, bytes + spareBytes)
  } catch (error) {
    if (made !== undefined) await rmdir(to)
    throw error
  }
}
