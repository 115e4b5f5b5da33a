import type { ChatRequest } from '../../inference/requests.ts'
import { Problem } from '../../problem.ts'
import type { BodyType } from '../bodies/body-type.ts'
import type { Endpoint } from '../endpoint.ts'
import { untilGone } from '../ndjson.ts'
import { parts, whole } from '../ollama/answer.ts'
import { plainText } from '../responses.ts'
import { openAiJson } from './answer.ts'

interface Transcription {
  /** Anything but `text` is JSON. */
  readonly format: string
  readonly asked: ChatRequest
}

/** A form with the sound as a file (upstream middleware/openai.go, TranscriptionMiddleware). */
export const transcriptionsBody: BodyType<Transcription> = {
  path: '/v1/audio/transcriptions',
  zstd: false,
  async read(bytes, contentType) {
    const form = await readForm(bytes, contentType)
    const text = (field: string): string => {
      const value = form.get(field)
      return typeof value === 'string' ? value : ''
    }
    const model = text('model')
    if (model === '') throw invalid('model is required')
    const file = form.get('file')
    if (!(file instanceof Blob)) throw invalid('file is required: http: no such file')
    if (file.size === 0) throw invalid('audio file is empty')
    const sound = new Uint8Array(await file.arrayBuffer())
    return { format: text('response_format'), asked: asChat(model, sound, text('language'), text('prompt')) }
  },
}

/** POST /v1/audio/transcriptions: what is said in a sound, by a model that hears. */
export const transcriptions: Endpoint = async (request, { inference, bodies }) => {
  const { format, asked } = await bodies.read(request, transcriptionsBody)
  const { content } = await untilGone(request, signal => whole(parts(inference.chat(asked, signal))))
  const text = content.trim()
  return format === 'text' ? plainText(text, 200) : openAiJson({ text })
}

async function readForm(bytes: Buffer, contentType: string): Promise<FormData> {
  const [type, ...parameters] = contentType.split(';').map(part => part.trim().toLowerCase())
  if (type !== 'multipart/form-data') throw noForm("request Content-Type isn't multipart/form-data")
  if (!parameters.some(parameter => parameter.startsWith('boundary='))) {
    throw noForm('no multipart boundary param in Content-Type')
  }
  try {
    return await new Response(bytes, { headers: { 'Content-Type': contentType } }).formData()
  } catch {
    throw noForm('multipart: NextPart: EOF')
  }
}

/** A conversation whose answer is the transcript; a model must not answer what it hears. */
function asChat(model: string, sound: Uint8Array, language: string, prompt: string): ChatRequest {
  const task = [
    'You write down what is said in a recording, word for word, and nothing else. You do not answer what you hear.',
    ...(language ? [`The language of the recording: ${language}.`] : []),
    ...(prompt ? [`What is known of the recording: ${prompt}`] : []),
  ]
  return {
    model,
    messages: [
      { role: 'system', content: task.join(' ') },
      { role: 'user', content: 'Write down the words of this recording.', images: [sound] },
    ],
    options: { temperature: 0 },
  }
}

const noForm = (why: string): Problem => invalid(`failed to parse multipart form: ${why}`)

const invalid = (message: string): Problem => new Problem('invalid-request', 400, message)
