import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { writeAtomically } from '../../files/atomic-file.ts'
import { ifThere } from '../../files/errno.ts'

const schema = z.object({ from: z.string(), to: z.string() })

/** A move that was begun: absolute paths. How far it came, the settings tell: they name the folder in use. */
export type BegunMove = z.output<typeof schema>

/** models-move.json in Hearth's home, there from before the first byte is copied until the last one is removed. */
export class MoveJournal {
  readonly #path: string

  constructor(home: string) {
    this.#path = join(home, 'models-move.json')
  }

  /** @returns undefined for none, or one that says nothing: then nothing is removed anywhere */
  async read(): Promise<BegunMove | undefined> {
    const text = await ifThere(readFile(this.#path, 'utf8'))
    if (text === undefined) return undefined
    try {
      return schema.parse(JSON.parse(text))
    } catch (error) {
      if (error instanceof SyntaxError || error instanceof z.ZodError) return undefined
      throw error
    }
  }

  write(move: BegunMove): Promise<void> {
    return writeAtomically(this.#path, `${JSON.stringify(move)}\n`)
  }

  remove(): Promise<void> {
    return rm(this.#path, { force: true })
  }
}
