import type { Model } from '../../library/model.ts'
import { displayShortest, parseModelName } from '../../library/model-name.ts'
import type { Endpoint } from '../endpoint.ts'
import { findToShow } from '../ollama/show.ts'
import { openAiJson } from './answer.ts'

/** GET /v1/models; none at all are null, as upstream has it. */
export const models: Endpoint = async (_, { library }) => {
  const data = (await library.list()).map(model => entry(displayShortest(model.name), model))
  return openAiJson({ object: 'list', data: data.length > 0 ? data : null })
}

/** GET /v1/models/:model, under the name it was asked for. */
export const model: Endpoint = async (_, { library }, name) => openAiJson(entry(name, await findToShow(library, name)))

const entry = (id: string, model: Model): object => ({
  id,
  object: 'model',
  created: Math.floor(model.modifiedAt.getTime() / 1000),
  owned_by: parseModelName(id)?.namespace ?? model.name.namespace,
})
