import { readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import type { Settings } from '../../preload/contract.ts'
import { defaultSettings, settingsSchema } from '../../preload/contract-app.ts'
import { writeAtomically } from '../files/atomic-file.ts'
import { Listeners } from '../listeners.ts'
import { Mutex } from '../mutex.ts'
import { asProblem } from '../problem.ts'
import type { Notices } from './notices.ts'

export type SettingsListener = (settings: Settings) => void

export interface SettingsStoreOptions {
  /** The folder settings.json lies in. */
  readonly home: string
  readonly notices: Notices
  /** Milliseconds since 1970; names the copy of a broken file. */
  readonly now?: () => number
}

/**
 * settings.json. Read leniently: a field that is missing or wrong falls back alone, and what this version does not know
 * stays in the file for the newer one that wrote it.
 */
export class SettingsStore {
  readonly #path: string
  readonly #notices: Notices
  readonly #now: () => number
  readonly #listeners = new Listeners<Settings>()
  /** The file's object as it was read, with the fields unknown here. */
  #raw: Record<string, unknown> = {}
  #settings: Settings = defaultSettings
  readonly #writes = new Mutex()

  /**
   * Reads the file. One that is no JSON object is moved aside, with a notice; one that cannot be read counts as none.
   */
  constructor(options: SettingsStoreOptions) {
    this.#path = join(options.home, 'settings.json')
    this.#notices = options.notices
    this.#now = options.now ?? Date.now
    this.#adopt(this.#read())
  }

  get(): Settings {
    return this.#settings
  }

  /**
   * Changes some fields and keeps the rest, also what another process wrote meanwhile.
   * @returns all settings, once they are on disk
   * @throws Problem disk-full or internal; nothing is changed then
   */
  change(change: Partial<Settings>): Promise<Settings> {
    return this.#writes.run(() => this.#write(change))
  }

  /** Once what was changed until now is on disk, or could not be: a window shows a choice before that. */
  async written(): Promise<void> {
    await this.#writes.run(async () => {})
  }

  /** Calls at once with the settings, then at every change. @returns ends it */
  watch(listener: SettingsListener): () => void {
    return this.#listeners.add(listener, this.#settings)
  }

  async #write(change: Partial<Settings>): Promise<Settings> {
    const raw = { ...this.#read(), ...definedFields(change) }
    try {
      await writeAtomically(this.#path, `${JSON.stringify(raw, null, 2)}\n`)
    } catch (error) {
      throw asProblem(error)
    }
    this.#adopt(raw)
    this.#listeners.tell(this.#settings)
    return this.#settings
  }

  /** The file's object; what was read last when there is none that can be read. */
  #read(): Record<string, unknown> {
    const text = readIfPossible(this.#path)
    if (text === undefined) return this.#raw
    const raw = parseObject(text)
    if (!raw) this.#notices.add({ code: 'settings-set-aside', values: { path: setAside(this.#path, this.#now) } })
    return raw ?? this.#raw
  }

  #adopt(raw: Record<string, unknown>): void {
    this.#raw = raw
    const read = Object.entries(settingsSchema.shape).flatMap(([field, schema]) => {
      const value = schema.safeParse(raw[field])
      return value.success ? [[field, value.data]] : []
    })
    this.#settings = { ...defaultSettings, ...Object.fromEntries(read) }
  }
}

/** `undefined` in a partial means "leave it", not "remove it from the file". */
function definedFields(change: Partial<Settings>): Partial<Settings> {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))
}

function readIfPossible(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    // Missing at the first start; unreadable for a reason that a write will report.
    return undefined
  }
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ''))
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined
  } catch {
    return undefined
  }
}

/** @returns where the file lies now: its old place when the folder takes no change */
function setAside(path: string, now: () => number): string {
  const stamp = new Date(now()).toISOString().replace(/[:.]/g, '-')
  const aside = path.replace(/\.json$/, `-set-aside-${stamp}.json`)
  try {
    renameSync(path, aside)
    return aside
  } catch {
    return path
  }
}
