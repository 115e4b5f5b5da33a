import { goLocalTime } from '../../go/json/time.ts'
import type { Library } from '../../library/library.ts'
import type { Model } from '../../library/model.ts'
import { displayShortest } from '../../library/model-name.ts'
import { json } from '../responses.ts'
import type { ApiServices } from '../services.ts'
import { capabilitiesJson, detailsWithLengths, factsOf } from './model-details.ts'

/** GET /api/tags: the models on disk, the last changed first. */
export async function tags(_: Request, { library }: ApiServices): Promise<Response> {
  const models = await library.list()
  return json({ models: await Promise.all(models.map(model => tag(library, model))) })
}

async function tag(library: Library, model: Model): Promise<object> {
  const name = displayShortest(model.name)
  const facts = await factsOf(library, model)
  return {
    name,
    model: name,
    remote_model: model.config.remote_model || undefined,
    remote_host: model.config.remote_host || undefined,
    modified_at: goLocalTime(model.modifiedAt),
    size: model.size,
    digest: model.digest,
    details: detailsWithLengths(model, facts),
    capabilities: await capabilitiesJson(library, model, facts),
  }
}
