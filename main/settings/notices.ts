import type { Notice } from '../../preload/contract.ts'

export type NoticeListener = (notices: Notice[]) => void

/** What the person should know that no action of theirs caused. Held in memory: a cause that lasts is told again at the next start. */
export class Notices {
  #notices: Notice[] = []
  #count = 0
  readonly #listeners = new Set<NoticeListener>()

  /**
   * Tells something. A notice of the same code takes its place, so that a trouble that repeats does not pile up.
   * @param values what the text needs: a path, a port
   * @returns the id `dismiss` takes
   */
  add(code: Notice['code'], values: Record<string, string> = {}): string {
    this.#count += 1
    const notice: Notice = { id: `notice-${this.#count}`, code, values }
    this.#notices = [...this.#notices.filter(old => old.code !== code), notice]
    this.#tell()
    return notice.id
  }

  /** Takes a notice away; one that is gone already is no error, as two windows may close it. */
  dismiss(id: string): void {
    const rest = this.#notices.filter(notice => notice.id !== id)
    if (rest.length === this.#notices.length) return
    this.#notices = rest
    this.#tell()
  }

  /** Calls at once with all notices, then at every change. @returns ends it */
  watch(listener: NoticeListener): () => void {
    const own: NoticeListener = notices => listener(notices)
    this.#listeners.add(own)
    own(this.#notices)
    return () => void this.#listeners.delete(own)
  }

  #tell(): void {
    for (const listener of this.#listeners) listener(this.#notices)
  }
}
