import type { Field } from '../../../forms/field.ts'
import { JobThread } from '../../threads/job-thread.ts'
import type { DoneRow } from './done-row.ts'
import type { Workbook, XlsxOf, XlsxWords } from './xlsx.ts'

export type ToSheetThread =
  | { readonly type: 'rows'; readonly rows: readonly DoneRow[] }
  /** That were all: their workbook is asked for. */
  | { readonly type: 'finish'; readonly name: string; readonly fields: readonly Field[]; readonly words: XlsxWords }
  | { readonly type: 'drop' }

/** Milliseconds until the thread ends when no export follows. */
const idleTime = 10_000

/** Writes workbooks in a thread of its own: one of ten thousand rows takes a fifth of a second and more. */
export class SheetThread {
  readonly #thread: JobThread<ToSheetThread, Workbook>

  /** @param path the bundled sheet-worker.js */
  constructor(path: string) {
    this.#thread = new JobThread({ path, name: 'the thread that writes workbooks', idleTime })
  }

  /** As `xlsxOf`. @throws Problem 500 when the thread ended; what `rows` throws */
  readonly xlsxOf: XlsxOf = async (name, fields, rows, words) => {
    const job = this.#thread.begin()
    try {
      for await (const some of rows) job.tell({ type: 'rows', rows: some })
      return await job.ask({ type: 'finish', name, fields, words })
    } finally {
      job.tell({ type: 'drop' })
      job.end()
    }
  }

  close(): Promise<void> {
    return this.#thread.close()
  }
}
