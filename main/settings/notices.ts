import { existsSync, readFileSync } from 'node:fs'
import { z } from 'zod'
import type { Notice, NoticeContent } from '../../preload/contract.ts'
import { noticeContentSchema } from '../../preload/contract-notices.ts'
import { writeAtomically } from '../files/atomic-file.ts'
import { Listeners } from '../listeners.ts'

export type NoticeListener = (notices: Notice[]) => void

/** What happens once: nobody would tell again where the person's file lies now. */
type Kept = Extract<NoticeContent, { code: 'database-set-aside' | 'database-replaced' | 'settings-set-aside' }>

const isKept = (told: NoticeContent): told is Kept =>
  ['database-set-aside', 'database-replaced', 'settings-set-aside'].includes(told.code)

/**
 * What the person should know that no action of theirs caused. Held in memory, as a cause that lasts is told again at
 * the next start; that a file was set aside is kept in a file too, until the person has read it in a window, or the
 * file that was set aside is gone.
 */
export class Notices {
  readonly #path: string | undefined
  #notices: Notice[]
  #count = 0
  #writing: Promise<void> = Promise.resolve()
  readonly #listeners = new Listeners<Notice[]>()

  /** @param path the file of what is kept; without it everything is in memory only */
  constructor(path?: string) {
    this.#path = path
    this.#notices = (path === undefined ? [] : readKept(path))
      .filter(({ values }) => existsSync(values.path))
      .map(told => this.#named(told))
  }

  /**
   * Tells something. A notice of the same code takes its place, so that a trouble that repeats does not pile up; two
   * files that were set aside are two notices.
   * @returns the id `dismiss` takes
   */
  add(told: NoticeContent): string {
    const notice = this.#named(told)
    this.#notices = [...this.#notices.filter(old => !replaces(told, old)), notice]
    if (isKept(told)) this.#keep(old => [...old.filter(one => !replaces(told, one)), told])
    this.#tell()
    return notice.id
  }

  /** Takes a notice away; one that is gone already is no error, as two windows may close it. */
  dismiss(id: string): void {
    const dismissed = this.#notices.find(notice => notice.id === id)
    if (dismissed === undefined) return
    this.#notices = this.#notices.filter(notice => notice !== dismissed)
    if (isKept(dismissed)) this.#keep(old => old.filter(one => !replaces(dismissed, one)))
    this.#tell()
  }

  /** Calls at once with all notices, then at every change. @returns ends it */
  watch(listener: NoticeListener): () => void {
    return this.#listeners.add(listener, this.#notices)
  }

  /** Waits until what is kept is on disk. */
  written(): Promise<void> {
    return this.#writing
  }

  #named(told: NoticeContent): Notice {
    this.#count += 1
    return { id: `notice-${this.#count}`, ...told }
  }

  #tell(): void {
    this.#listeners.tell(this.#notices)
  }

  /** Changes the file as it is then: another process may have told or dismissed something meanwhile. */
  #keep(change: (old: Kept[]) => Kept[]): void {
    const path = this.#path
    if (path === undefined) return
    this.#writing = this.#writing
      .then(() => writeAtomically(path, `${JSON.stringify(change(readKept(path)), null, 2)}\n`))
      // A disk that takes no notice: the person is told all the same, this time only.
      .catch(() => undefined)
  }
}

function replaces(told: NoticeContent, old: NoticeContent): boolean {
  if (old.code !== told.code) return false
  return !isKept(told) || !isKept(old) || old.values.path === told.values.path
}

/** Leniently: a file that is missing or broken keeps nothing, and of another version's only what is known here. */
function readKept(path: string): Kept[] {
  try {
    const entries = z.array(z.unknown()).parse(JSON.parse(readFileSync(path, 'utf8')))
    return entries.flatMap(entry => {
      const read = noticeContentSchema.safeParse(entry)
      return read.success && isKept(read.data) ? [read.data] : []
    })
  } catch {
    return []
  }
}
