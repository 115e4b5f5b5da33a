import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import type { MakeDraft } from '../../../preload/contract.ts'
import { makeDraftSchema } from '../../../preload/contract-models.ts'
import { writeAtomically } from '../../files/atomic-file.ts'
import { ifThere } from '../../files/errno.ts'
import { Mutex } from '../../mutex.ts'
import type { FileChoices } from './chosen-files.ts'

const keptSchema = z.object({
  draft: makeDraftSchema,
  /** Of the files it is made from, by token. */
  paths: z.record(z.string(), z.string()),
})

/**
 * The model a person is describing: kept in one file, so that no closed window, quit or kill costs what was written.
 */
export class KeptDraft {
  readonly #path: string
  readonly #choices: FileChoices
  readonly #writing = new Mutex()

  constructor(path: string, choices: FileChoices) {
    this.#path = path
    this.#choices = choices
  }

  /** The files it names may be asked for again by their tokens. @returns null when none is kept, or it is unreadable */
  async read(): Promise<MakeDraft | null> {
    const text = await this.#writing.run(() => ifThere(readFile(this.#path, 'utf8')))
    const kept = keptSchema.safeParse(parsed(text ?? 'null')).data
    if (!kept) return null
    for (const [token, path] of Object.entries(kept.paths)) this.#choices.restore(token, path)
    return kept.draft
  }

  /**
   * @param draft null when there is nothing to keep
   * @throws the file system's error; what was kept before is then as it was
   */
  async keep(draft: MakeDraft | null): Promise<void> {
    const files = [draft?.base?.kind === 'files' ? draft.base.files : null, draft?.adapter, draft?.projector]
    const tokens = files.flatMap(chosen => chosen?.token ?? [])
    const paths = tokens.flatMap(token => {
      const path = this.#choices.path(token)
      return path === undefined ? [] : [[token, path]]
    })
    const kept = draft && { draft, paths: Object.fromEntries(paths) }
    await this.#writing.run(() => writeAtomically(this.#path, `${JSON.stringify(kept)}\n`))
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
