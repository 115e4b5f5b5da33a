import { string, struct } from '../../go/json/types.ts'
import { readJson } from '../bodies/request-body.ts'
import { empty } from '../responses.ts'
import type { ApiServices } from '../services.ts'

/** `name` is what `model` was called once. */
const deleteRequest = struct('DeleteRequest', { model: string, name: string })

/** DELETE /api/delete: a model, and the blobs only it needed. One that runs goes on running. */
export async function remove(request: Request, { library }: ApiServices): Promise<Response> {
  const { model, name } = await readJson(request, deleteRequest)
  await library.remove(model || name)
  return empty(200)
}
