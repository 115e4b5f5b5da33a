import { createHash } from 'node:crypto'
import { createReadStream, openAsBlob } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { projectFolder } from '../../../scripts/project.ts'
import { lastObject, post } from './http.ts'
import { type Running, requireVectors, type Server, type Shape, sampling, startServer } from './server.ts'

/** Hearth as `npm run serve` starts it, with an empty home and models folder. */
export async function startHearth(slots: number): Promise<Running> {
  const folder = await mkdtemp(join(tmpdir(), 'hearth-bench-'))
  const env = {
    ...process.env,
    HEARTH_HOME: join(folder, 'home'),
    OLLAMA_MODELS: join(folder, 'models'),
    OLLAMA_HOST: '127.0.0.1:0',
    OLLAMA_NUM_PARALLEL: String(slots),
    OLLAMA_KEEP_ALIVE: '-1',
  }
  const entry = join(projectFolder, 'out', 'main', 'headless.js')
  const running = await startServer(process.execPath, [entry], { env }, /listens on (http:\S+)\n/)
  const end = async () => {
    await running.end()
    await rm(folder, { recursive: true, force: true })
  }
  return { ...running, end }
}

/** A model of a running Hearth, made of a file by uploading it. */
export async function hearthModel(address: string, path: string, shape: Shape): Promise<Server> {
  const model = basename(path, '.gguf')
  const digest = await upload(address, path)
  await post(`${address}/api/create`, { model, files: { [basename(path)]: digest }, stream: false })
  const loading = { num_ctx: shape.contextSize, num_thread: shape.threads }
  return {
    name: 'Hearth',
    async complete({ prompt, tokens, stream = false, schema, signal, onPiece }) {
      const options = { ...sampling, ...loading, num_predict: tokens }
      const body = { model, prompt, raw: true, stream, options, ...(schema ? { format: schema } : {}) }
      const { body: answer, ...times } = await post(`${address}/api/generate`, body, { signal, onPiece })
      const last = lastObject(answer)
      const text = stream
        ? answer
            .trimEnd()
            .split('\n')
            .map(line => JSON.parse(line).response)
            .join('')
        : String(last.response)
      return { promptTokens: Number(last.prompt_eval_count), tokens: Number(last.eval_count), text, ...times }
    },
    async embed(texts) {
      const { body, end } = await post(`${address}/api/embed`, { model, input: texts, options: loading })
      requireVectors((lastObject(body) as { embeddings: unknown[] }).embeddings, texts)
      return end
    },
  }
}

async function upload(address: string, path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  const digest = `sha256:${hash.digest('hex')}`
  const url = `${address}/api/blobs/${digest}`
  // The demo model may be the very file.
  if ((await fetch(url, { method: 'HEAD' })).ok) return digest
  const { ok, status } = await fetch(url, { method: 'POST', body: await openAsBlob(path) })
  if (!ok) throw new Error(`the upload of ${path} was answered ${status}`)
  return digest
}
