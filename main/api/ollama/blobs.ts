import { isDigest } from '../../library/models-folder.ts'
import { untilGone } from '../ndjson.ts'
import { empty } from '../responses.ts'
import type { ApiServices } from '../services.ts'

/** HEAD /api/blobs/:digest: whether an upload can be spared. */
export async function headBlob(_: Request, { library }: ApiServices, digest: string): Promise<Response> {
  if (!isDigest(digest)) return empty(400)
  return empty((await library.blobs.offer(digest)) ? 200 : 404)
}

/** POST /api/blobs/:digest: bytes, stored while they arrive; those that are there already are not read. */
export function postBlob(request: Request, { library }: ApiServices, digest: string): Promise<Response> {
  return untilGone(request, async signal => {
    if (await library.blobs.offer(digest)) return empty(200)
    const size = Number(request.headers.get('content-length') ?? 0)
    await library.blobs.write(request.body ?? nothing(), { expected: digest, size, signal })
    return empty(201)
  })
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
