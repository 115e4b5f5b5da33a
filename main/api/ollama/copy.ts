import { string, struct } from '../../go/json/types.ts'
import { readJson } from '../bodies/request-body.ts'
import { empty } from '../responses.ts'
import type { ApiServices } from '../services.ts'

const copyRequest = struct('CopyRequest', { source: string, destination: string })

/** POST /api/copy: a second name for a model. */
export async function copy(request: Request, { library }: ApiServices): Promise<Response> {
  const { source, destination } = await readJson(request, copyRequest)
  await library.copy(source, destination)
  return empty(200)
}
