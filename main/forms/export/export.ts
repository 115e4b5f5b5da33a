import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Language } from '../../../preload/contract-languages.ts'
import { fileName } from '../../files/file-names.ts'
import { saveAs } from '../../files/save-as.ts'
import { Problem } from '../../problem.ts'
import type { StoredForm } from '../rows.ts'
import type { FormStore } from '../store.ts'
import { csvOf } from './csv.ts'
import type { DoneRow } from './done-row.ts'
import { jsonOf } from './json.ts'
import { type XlsxOf, xlsxOf } from './xlsx.ts'

export type ExportFormat = 'csv' | 'xlsx' | 'json'

interface Words {
  readonly form: string
  readonly row: string
  readonly source: string
  readonly item: string
  readonly yes: string
  readonly no: string
}

const words: Record<Language, Words> = {
  en: { form: 'Form', row: 'Row', source: 'Source', item: 'No.', yes: 'Yes', no: 'No' },
  'zh-CN': { form: '表单', row: '行号', source: '来源', item: '序号', yes: '是', no: '否' },
}

/** Rows read at once: a few milliseconds. */
const portion = 200

export interface ExportRequest {
  readonly formId: string
  readonly format: ExportFormat
  readonly language: Language
}

/** What came into a file, and what did not. */
export interface Exported {
  readonly rows: number
  /** Rows without a whole answer. */
  readonly leftOut: number
  /** Texts that lost their end, as they are longer than the format holds. */
  readonly cutTexts: number
}

/** The rows of forms in files: those that have a whole answer, whatever became of asking for another. */
export class FormExport {
  /** Paths of the files written since the start. */
  readonly written: ReadonlySet<string>
  readonly #written = new Set<string>()
  readonly #store: () => Promise<FormStore>
  readonly #workbook: XlsxOf

  /** @param workbook writes one, elsewhere where that would hold main up */
  constructor(store: () => Promise<FormStore>, workbook: XlsxOf = xlsxOf) {
    this.#store = store
    this.#workbook = workbook
    this.written = this.#written
  }

  /** A name for the file, with its ending. @throws Problem not-found */
  async nameFor({ formId, format, language }: ExportRequest): Promise<string> {
    return `${fileName((await this.#form(formId)).name, words[language].form)}.${format}`
  }

  /**
   * Writes a file, telling after each step how far it is; who lets go leaves no file.
   * @throws Problem not-found, file-unwritable, disk-full; what the database throws
   */
  async *export(
    { formId, format, language }: ExportRequest,
    path: string,
  ): AsyncGenerator<{ done: number; total: number }, Exported> {
    const form = await this.#form(formId)
    const total = (await this.#store()).answered(formId)
    let [done, cutTexts] = [0, 0]
    const rows = this.#rows(formId, count => {
      done += count
    })
    const pieces = this.#pieces(form, format, rows, words[language], count => {
      cutTexts = count
    })
    for await (const _ of saveAs(path, pieces)) yield { done, total }
    this.#written.add(path)
    const now = (await this.#store()).form(formId)?.rows ?? done
    return { rows: done, leftOut: Math.max(0, now - done), cutTexts }
  }

  async *#pieces(
    { name, fields }: StoredForm,
    format: ExportFormat,
    rows: AsyncIterable<readonly DoneRow[]>,
    said: (typeof words)['en'],
    cut: (texts: number) => void,
  ): AsyncGenerator<string | Uint8Array> {
    if (format === 'csv') yield* csvOf(fields, rows, said.source)
    else if (format === 'json') yield* jsonOf(name, fields, rows)
    else {
      const { bytes, cutTexts } = await this.#workbook(name || said.form, fields, rows, said)
      cut(cutTexts)
      yield bytes
    }
  }

  async #form(formId: string): Promise<StoredForm> {
    const form = (await this.#store()).form(formId)
    if (!form) throw new Problem('not-found', 404, 'the form is no longer there')
    return form
  }

  async *#rows(formId: string, read: (count: number) => void): AsyncGenerator<DoneRow[]> {
    for (let after: number | undefined = 0; after !== undefined; ) {
      const { rows, last } = (await this.#store()).rows(formId, after, portion, 'answered')
      const some = rows.flatMap(({ source, model, createdAt, corrected, answer }) =>
        answer
          ? [{ source: source.name || oneLine(source.excerpt), kind: source.kind, model, createdAt, corrected, answer }]
          : [],
      )
      yield some
      read(some.length)
      after = last
      await nextTurn()
    }
  }
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim().slice(0, 80)
