import { readFile, stat } from 'node:fs/promises'
import { unusable } from '../unusable.ts'
import { Fields } from './fields.ts'

/** The largest tokenizer.json there is takes some forty megabytes. */
const maxTextBytes = 128 * 1024 * 1024

/** JSON as Python writes it: a number may be NaN or infinite, which counts as not given. Strings stay as they are. */
const stringOrNonFinite = /"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g

/** The files of a model's folder by name; what a file's content names is looked up here and nowhere on disk. */
export class ModelFolder {
  constructor(private readonly files: Readonly<Record<string, string>>) {}

  /** Names relative to the folder, sorted. */
  get names(): readonly string[] {
    return Object.keys(this.files).sort()
  }

  has(name: string): boolean {
    return Object.hasOwn(this.files, name)
  }

  /** @throws Problem in the words Go has for a missing file */
  path(name: string): string {
    if (!this.has(name)) throw unusable(`open ${name}: no such file or directory`)
    return this.files[name]!
  }

  async bytes(name: string): Promise<Buffer> {
    const path = this.path(name)
    const { size } = await stat(path)
    if (size > maxTextBytes) throw unusable(`${name} is larger than 128 MiB`)
    return readFile(path)
  }

  async json(name: string): Promise<unknown> {
    const text = (await this.bytes(name)).toString('utf8')
    try {
      return JSON.parse(
        /NaN|Infinity/.test(text)
          ? text.replace(stringOrNonFinite, match => (match.startsWith('"') ? match : 'null'))
          : text,
      )
    } catch (error) {
      throw unusable(`parse ${name}: ${(error as Error).message}`)
    }
  }

  async fields(name: string): Promise<Fields> {
    return new Fields(name, await this.json(name))
  }

  /** The fields of a file that need not be there. */
  async optionalFields(name: string): Promise<Fields> {
    return this.has(name) ? this.fields(name) : new Fields(name, {})
  }
}
