import { goJson, goMapJson } from '../go/text.ts'
import type { CreateRequest } from './create-request.ts'
import type { Creation, MadeLayer } from './creation.ts'
import { MediaType } from './manifest.ts'
import type { GgufFacts } from './model.ts'
import { maxTextBytes, parseParameters } from './read-model.ts'

/**
 * Adds the texts of a create request to a base's layers: a template, a system prompt, parameters or messages take the
 * place of the base's, licences come on top (upstream server/create.go).
 */
export async function withTexts(
  creation: Creation,
  base: readonly MadeLayer[],
  request: CreateRequest,
): Promise<MadeLayer[]> {
  const { template, system, license, parameters, messages } = request
  let layers = [...base]
  const replace = async (text: string, mediaType: string, ...oldTypes: string[]) => {
    layers = without(layers, mediaType, ...oldTypes)
    layers.push(await creation.textLayer(text, mediaType))
  }
  if (template) await replace(template, MediaType.template, MediaType.prompt)
  if (system) await replace(system, MediaType.system)
  for (const text of typeof license === 'string' ? [license] : (license ?? [])) {
    if (text !== '') layers.push(await creation.textLayer(text, MediaType.license))
  }
  if (parameters && Object.keys(parameters).length > 0) {
    const merged = { ...(await parametersOf(creation, layers)), ...parameters }
    await replace(`${goMapJson(merged)}\n`, MediaType.params)
  }
  if (messages && messages.length > 0) {
    const turns = messages.map(({ role, content }) => ({ role, content }))
    await replace(`${goJson(turns)}\n`, MediaType.messages)
  }
  return layers
}

/**
 * Adds the template that a GGUF's own was found to be, and its stop strings (upstream server/model.go,
 * detectChatTemplate).
 */
export async function withDetectedTemplate(
  creation: Creation,
  layers: readonly MadeLayer[],
  facts: GgufFacts,
): Promise<MadeLayer[]> {
  const detected = await creation.tools.detectTemplate(facts)
  if (!detected) return [...layers]
  const { layer } = await creation.textLayer(detected.template, MediaType.template)
  const stop = await creation.textLayer(`${goMapJson({ stop: detected.stop })}\n`, MediaType.params)
  return [...layers, { layer, status: `using autodetected template ${detected.name}` }, stop]
}

export function without(layers: readonly MadeLayer[], ...types: string[]): MadeLayer[] {
  return layers.filter(({ layer }) => !types.includes(layer.mediaType))
}

async function parametersOf(creation: Creation, layers: readonly MadeLayer[]): Promise<Record<string, unknown>> {
  const params = layers.findLast(({ layer }) => layer.mediaType === MediaType.params)
  if (!params) return {}
  return parseParameters(await creation.tools.blobs.readText(params.layer.digest, maxTextBytes))
}
