import { sharedLibraries } from './build-llama-server.ts'
import { lastObject, post } from './http.ts'
import { type Running, requireVectors, type Server, type Shape, sampling, startServer } from './server.ts'

/** Starts llama.cpp's server with a model. @param pooling loads it for vectors, pooled so */
export function startLlamaServer(program: string, path: string, shape: Shape, pooling?: string): Promise<Running> {
  const { threads, slots, contextSize } = shape
  const args = ['--host', '127.0.0.1', '--port', '0', '--model', path, '--no-ui', '--offline']
  args.push('--threads', `${threads}`, '--parallel', `${slots}`, '--ctx-size', `${contextSize * slots}`)
  if (pooling) args.push('--embeddings', '--pooling', pooling, '--batch-size', '2048', '--ubatch-size', '2048')
  // Where the loader finds libllama, and ggml, which looks beside the program and here, the kernels for this processor.
  const libraries = sharedLibraries()
  const env = { ...process.env, LD_LIBRARY_PATH: libraries, DYLD_LIBRARY_PATH: libraries }
  return startServer(program, args, { env, cwd: libraries }, /listening on (http:\/\/[\d.:]+)/)
}

/** llama.cpp's server as the bench asks it, over its own endpoints. */
export function llamaServerModel(address: string): Server {
  return {
    name: 'llama-server',
    async complete({ prompt, tokens, stream = false, schema, signal, onPiece }) {
      const body = { ...sampling, prompt, n_predict: tokens, stream, cache_prompt: true }
      const url = `${address}/completion`
      const asked = schema ? { ...body, json_schema: schema } : body
      const { body: answer, ...times } = await post(url, asked, { signal, onPiece })
      const last = lastObject(answer) as { tokens_evaluated: number; tokens_predicted: number; content: string }
      const pieces = answer.split('\n').filter(line => line.startsWith('data: '))
      const text = stream ? pieces.map(line => JSON.parse(line.slice(6)).content).join('') : last.content
      return { promptTokens: last.tokens_evaluated, tokens: last.tokens_predicted, text, ...times }
    },
    async embed(texts) {
      const { body, end } = await post(`${address}/v1/embeddings`, { input: texts })
      requireVectors((lastObject(body) as { data: unknown[] }).data, texts)
      return end
    },
  }
}
