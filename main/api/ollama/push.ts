import { Problem } from '../../problem.ts'
import { readJson } from '../bodies/request-body.ts'
import type { ApiServices } from '../services.ts'
import { transferAnswer, transferRequest } from './transfer.ts'

const pushRequest = transferRequest('PushRequest')

/** POST /api/push: a model to its registry, with progress. */
export async function push(request: Request, { registry }: ApiServices): Promise<Response> {
  const { model, name, insecure, stream } = await readJson(request, pushRequest)
  const wanted = model || name
  if (wanted === '') throw new Problem('invalid-request', 400, 'model is required')
  return transferAnswer(request, stream ?? true, (tell, signal) => registry.push(wanted, tell, { insecure, signal }))
}
