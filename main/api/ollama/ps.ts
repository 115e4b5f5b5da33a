import { largestGoDuration } from '../../go/duration.ts'
import { goLocalTime } from '../../go/json/time.ts'
import type { RunningModel } from '../../inference/requests.ts'
import type { Library } from '../../library/library.ts'
import { parseModelName } from '../../library/model-name.ts'
import { json } from '../responses.ts'
import type { ApiServices } from '../services.ts'
import { detailsJson, factsOf } from './model-details.ts'

/** GET /api/ps: the models in memory, the one that stays longest first. */
export async function ps(_: Request, { inference, library }: ApiServices): Promise<Response> {
  const running = inference.running().toSorted((a, b) => b.expiresAt.getTime() - a.expiresAt.getTime())
  return json({ models: await Promise.all(running.map(model => loaded(library, model))) })
}

async function loaded(library: Library, running: RunningModel): Promise<object> {
  const name = parseModelName(running.name)
  // One that was deleted while it runs goes on running, and is listed with what is still known.
  const model = name && (await library.find(name).catch(() => undefined))
  return {
    name: running.name,
    model: running.name,
    size: running.sizeBytes,
    digest: model?.digest ?? '',
    details: model ? detailsJson(model, await factsOf(library, model)) : unknownDetails,
    expires_at: goLocalTime(expiry(running.expiresAt)),
    size_vram: running.vramBytes,
    context_length: running.contextLength,
  }
}

const unknownDetails = {
  parent_model: '',
  format: '',
  family: '',
  families: null,
  parameter_size: '',
  quantization_level: '',
}

/** "For ever" is Go's longest duration from now, about 292 years, as upstream tells it. */
function expiry(at: Date): Date {
  return new Date(Math.min(at.getTime(), Date.now() + largestGoDuration))
}
