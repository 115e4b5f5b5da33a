import { bool, type Infer, pointer, string, struct } from '../../go/json/types.ts'
import type { Tell, TransferProgress } from '../../library/registry/transfer-progress.ts'
import { ndjson, untilGone } from '../ndjson.ts'
import { Progress } from '../progress.ts'
import { bareJsonType, errorResponse, json } from '../responses.ts'

/** What /api/pull and /api/push ask for; `name` is what `model` was called once (upstream api/types.go). */
export const transferRequest = (name: string) =>
  struct(name, {
    model: string,
    insecure: bool,
    username: string,
    password: string,
    stream: pointer(bool),
    name: string,
  })

export type TransferRequest = Infer<ReturnType<typeof transferRequest>>

/** Answers with a transfer's progress, or, with `stream: false`, with its last line when it is over. */
export async function transferAnswer(
  request: Request,
  stream: boolean,
  transfer: (tell: Tell, signal: AbortSignal) => Promise<void>,
): Promise<Response> {
  if (stream) {
    return ndjson<TransferProgress>(request, {
      values: signal => new Progress(tell => transfer(tell, signal), isNewer),
      write: progressJson,
    })
  }
  return untilGone(request, async signal => {
    let last: TransferProgress = { status: '' }
    try {
      await transfer(progress => {
        last = progress
      }, signal)
    } catch (error) {
      return errorResponse(error, bareJsonType)
    }
    return json(progressJson(last), 200, bareJsonType)
  })
}

/** A client that reads slowly misses numbers, never a step. */
const isNewer = (newer: TransferProgress, older: TransferProgress): boolean =>
  newer.digest !== undefined && newer.digest === older.digest && newer.status === older.status

/** Zeros are left out as Go's omitempty does (upstream api/types.go, ProgressResponse). */
function progressJson({ status, digest, total, completed }: TransferProgress): object {
  return { status, digest: digest || undefined, total: total || undefined, completed: completed || undefined }
}
