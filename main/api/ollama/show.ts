import { ifThere } from '../../files/errno.ts'
import { goLocalTime } from '../../go/json/time.ts'
import { anyMap, bool, string, struct } from '../../go/json/types.ts'
import { chooseTemplate, type GoTemplateSetting } from '../../inference/prompt/template-choice.ts'
import type { Library } from '../../library/library.ts'
import type { GgufFacts, Model } from '../../library/model.ts'
import { displayShortest, type ModelName, parseModelName, parseModelReference } from '../../library/model-name.ts'
import { modelfileText, parametersText } from '../../library/show.ts'
import { Problem } from '../../problem.ts'
import { readJson } from '../bodies/request-body.ts'
import { json } from '../responses.ts'
import type { ApiServices } from '../services.ts'
import { capabilitiesJson, detailsJson } from './model-details.ts'

/** `name` is what `model` was called once; `template` is read and ignored, as upstream does. */
const showRequest = struct('ShowRequest', {
  model: string,
  system: string,
  template: string,
  verbose: bool,
  options: anyMap,
  name: string,
})

/** POST /api/show: everything known of a model (upstream server/routes.go, GetModelInfo). */
export async function show(request: Request, { library, goTemplate }: ApiServices): Promise<Response> {
  const read = await readJson(request, showRequest)
  const asked = read.model || read.name
  const stored = await findToShow(library, asked)
  const model: Model = read.system ? { ...stored, system: read.system } : stored
  const facts = model.modelPath ? await ifThere(library.facts(model.modelPath)) : undefined
  if (model.modelPath && !facts) throw notFound(model.name)
  const info: Record<string, unknown> = model.modelPath
    ? { ...(await library.metadata(model.modelPath, { arrays: read.verbose })) }
    : {}
  // Copilot shows the base name as the model's; it is to see the name it asked for.
  if (request.headers.get('user-agent')?.startsWith('GitHubCopilotChat/')) info['general.basename'] = asked
  const [projectorPath] = model.projectorPaths
  return json({
    license: model.licenses.join('\n') || undefined,
    modelfile: modelfileText(model, { options: read.options }),
    parameters: parametersText(model.parameters) || undefined,
    template: templateOf(model, facts, goTemplate),
    system: model.system || undefined,
    details: { ...detailsJson(model, facts), parent_model: parentName(model) },
    messages: model.messages.length > 0 ? model.messages.map(({ role, content }) => ({ role, content })) : undefined,
    remote_model: model.config.remote_model || undefined,
    remote_host: model.config.remote_host || undefined,
    model_info: info,
    projector_info: projectorPath ? await library.metadata(projectorPath, { arrays: read.verbose }) : undefined,
    tensors: model.modelPath ? await library.tensors(model.modelPath) : undefined,
    capabilities: await capabilitiesJson(library, model, facts),
    modified_at: goLocalTime(model.modifiedAt),
    requires: model.config.requires || undefined,
  })
}

/**
 * The model it was made from. A file it was made from is none, though upstream tells its name here: `ollama run` takes
 * it for a model's when it saves a conversation, and would have it pulled. Names of models are written with their tag;
 * earlier versions of Ollama wrote the path of a file's blob, which on Windows has a colon as well.
 */
const parentName = ({ parentModel }: Model): string =>
  parentModel.includes(':') && parseModelName(parentModel) ? parentModel : ''

/** The model's own template, by which its prompts are rendered: Go's, or the Jinja of its weights. */
function templateOf(model: Model, facts: GgufFacts | undefined, setting: GoTemplateSetting): string | undefined {
  if (!facts) return model.template
  try {
    const { kind, source } = chooseTemplate(model, facts, setting)
    return kind === 'jinja' ? facts.chatTemplate || model.template : source
  } catch (error) {
    // Rendering refuses a renderer nobody knows; what else there is can be told all the same.
    if (error instanceof Problem) return model.template ?? facts.chatTemplate
    throw error
  }
}

/**
 * The model a request wants to know of.
 * @throws Problem 404 that names it as it would be listed, 400 for no or no valid name, 403 for a cloud model
 */
export async function findToShow(library: Library, asked: string): Promise<Model> {
  const { name, source } = parseModelReference(asked)
  if (source === 'cloud') {
    throw new Problem('invalid-request', 403, 'ollama cloud is disabled: remote model details are unavailable')
  }
  const model = await library.find(name)
  if (model) return model
  throw notFound(await library.canonical(name))
}

const notFound = (name: ModelName): Problem =>
  new Problem('model-not-found', 404, `model '${displayShortest(name)}' not found`)
