import { serveJobs } from '../../threads/job-port.ts'
import type { DoneRow } from './done-row.ts'
import type { ToSheetThread } from './sheet-thread.ts'
import { type Workbook, xlsxOf } from './xlsx.ts'

/** The thread that writes workbooks. Rows come in portions. */

const portions = new Map<number, (readonly DoneRow[])[]>()

async function* given(job: number): AsyncGenerator<readonly DoneRow[]> {
  yield* portions.get(job) ?? []
}

serveJobs<ToSheetThread, Workbook>(async (job, message, tell) => {
  if (message.type === 'drop') portions.delete(job)
  else if (message.type === 'rows') portions.set(job, [...(portions.get(job) ?? []), message.rows])
  else tell(await xlsxOf(message.name, message.fields, given(job), message.words))
})
