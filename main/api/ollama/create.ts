import { any, anyMap, bool, type Infer, pointer, string, stringMap, struct } from '../../go/json/types.ts'
import { type CreateRequest, checkRequest } from '../../library/create-request.ts'
import { parseModelName } from '../../library/model-name.ts'
import { Problem } from '../../problem.ts'
import { nativeBody } from '../bodies/body-type.ts'
import type { ApiServices } from '../services.ts'
import { messages } from './message.ts'
import { transferAnswer } from './transfer.ts'

/** `name` and `quantization` are what `model` and `quantize` were called once. */
const createRequest = struct('CreateRequest', {
  model: string,
  stream: pointer(bool),
  quantize: string,
  from: string,
  remote_host: string,
  files: stringMap,
  adapters: stringMap,
  draft_files: stringMap,
  draft_quantize: string,
  template: string,
  license: any,
  system: string,
  parameters: anyMap,
  messages,
  renderer: string,
  parser: string,
  requires: string,
  info: anyMap,
  name: string,
  quantization: string,
})

export const createBody = nativeBody('/api/create', createRequest, read => {
  const wanted = toCreate(read)
  if (!parseModelName(wanted.model.trim())) throw new Problem('invalid-request', 400, 'invalid model name')
  checkRequest(wanted)
  return { stream: read.stream, wanted }
})

/** POST /api/create: a model made of uploaded files or of another model, with progress. */
export async function create(request: Request, { library, bodies }: ApiServices): Promise<Response> {
  const { stream, wanted } = await bodies.read(request, createBody)
  return transferAnswer(request, stream ?? true, (tell, signal) => library.create(wanted, tell, signal))
}

function toCreate(read: Infer<typeof createRequest>): CreateRequest {
  return {
    model: read.model || read.name,
    from: read.from || undefined,
    files: read.files,
    adapters: read.adapters,
    draftFiles: read.draft_files,
    draftQuantize: read.draft_quantize || undefined,
    template: read.template || undefined,
    system: read.system || undefined,
    license: licenses(read.license),
    parameters: read.parameters,
    messages: read.messages?.map(({ role, content }) => ({ role: role.toLowerCase(), content })),
    quantize: read.quantize || read.quantization || undefined,
    renderer: read.renderer || undefined,
    parser: read.parser || undefined,
    requires: read.requires || undefined,
    info: read.info,
    remoteHost: read.remote_host || undefined,
  }
}

/** Upstream takes any JSON here and tries it as a text, then as a list of texts. */
function licenses(license: unknown): string | string[] | undefined {
  if (license === undefined || license === '') return undefined
  if (typeof license === 'string') return license
  if (Array.isArray(license) && license.every(item => typeof item === 'string')) return license
  throw new Problem('invalid-request', 400, 'license must be a string or a list of strings')
}
