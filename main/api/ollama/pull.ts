import { pullName } from '../../library/registry/registry.ts'
import { readJson } from '../bodies/request-body.ts'
import type { ApiServices } from '../services.ts'
import { transferAnswer, transferRequest } from './transfer.ts'

const pullRequest = transferRequest('PullRequest')

/** POST /api/pull: a model from a registry, with progress. */
export async function pull(request: Request, { registry }: ApiServices): Promise<Response> {
  const { model, name, insecure, stream } = await readJson(request, pullRequest)
  const wanted = model || name
  pullName(wanted)
  return transferAnswer(request, stream ?? true, (tell, signal) => registry.pull(wanted, tell, { insecure, signal }))
}
