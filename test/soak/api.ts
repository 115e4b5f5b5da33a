import { Agent, request } from 'node:http'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import fc from 'fast-check'
import { checkAnswered, checkSound, manners, randomRequests, sendRudely } from '../integration/api/random-requests.ts'
import { fixtures, post, startServer, upload } from '../integration/api/server.ts'
import { randomBody, randomFrom } from '../unit/api/random-bodies.ts'

/*
 * `npm run soak:api -- [--count 1000000] [--seed N]`: random bodies for every endpoint of a whole Hearth over HTTP,
 * some of them for a model that answers. Each must come back as JSON (or as a page of the router's), soon, from a
 * server that still stands at the end. Then, for every hundred of those, a request that means something, its answer
 * checked, and one from a client with bad manners. Ends with an error at the first that does not, and prints how to
 * send it again.
 */

const { values } = parseArgs({ options: { count: { type: 'string' }, seed: { type: 'string' } } })
const count = Number(values.count ?? 1_000_000)
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31))

/** Requests under way at a time. */
const clients = 32

/** Milliseconds after which an answer counts as one that never comes. */
const patience = 60_000

const endpoints: readonly (readonly [method: string, path: string])[] = [
  ...['generate', 'chat', 'embed', 'embeddings', 'show', 'create', 'copy', 'me', 'signout'].map(
    name => ['POST', `/api/${name}`] as const,
  ),
  ['POST', '/api/experimental/web_search'],
  ['DELETE', '/api/delete'],
  ['POST', `/api/blobs/sha256:${'0'.repeat(64)}`],
  ...['chat/completions', 'completions', 'embeddings', 'responses', 'messages', 'audio/transcriptions'].map(
    name => ['POST', `/v1/${name}`] as const,
  ),
]

interface Answer {
  readonly status: number
  readonly type: string
  readonly text: string
}

const agent = new Agent({ keepAlive: true, maxSockets: clients })

function send(
  port: number,
  method: string,
  path: string,
  body: Buffer,
  headers: Record<string, string>,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, method, path, agent, headers, timeout: patience }, response => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        const type = response.headers['content-type'] ?? ''
        resolve({ status: response.statusCode ?? 0, type, text: Buffer.concat(chunks).toString() })
      })
    })
    sent.on('timeout', () => sent.destroy(new Error('no answer')))
    sent.on('error', reject)
    sent.end(body)
  })
}

/** What is wrong with an answer; undefined when nothing is. */
function fault({ status, type, text }: Answer): string | undefined {
  if (![200, 201, 400, 401, 403, 404, 413, 500].includes(status)) return `status ${status}`
  if (status === 200 && (text === '' || type.startsWith('text/plain'))) return undefined
  // An upload says with its status alone how it went.
  if (text === '') return status === 201 ? undefined : `an empty body with status ${status}`
  try {
    if (type.startsWith('text/event-stream')) {
      for (const [, data] of text.matchAll(/^data: (.*)$/gm)) if (data !== '[DONE]') JSON.parse(data!)
    } else if (type.startsWith('application/x-ndjson')) for (const line of text.trimEnd().split('\n')) JSON.parse(line)
    else if (type.startsWith('application/json')) JSON.parse(text)
    else return `type ${type}`
  } catch (error) {
    return (error as Error).message
  }
  // 500 is for what the file system or an engine did, never for what a client sent; these are upstream's exceptions.
  if (status === 500 && !/no such file or directory|option \\?"|invalid format|template|image input/.test(text))
    return 'status 500'
  return undefined
}

/** A few of the bodies are for a model that is there, the others for none. */
function forAModel(body: Buffer, chance: number): Buffer {
  if (chance > 0.03 || body[0] !== 0x7b) return body
  const fields = `{"model":"${chance < 0.02 ? 'a' : 'b'}"${body.length > 2 ? ',' : ''}`
  return Buffer.concat([Buffer.from(fields), body.subarray(1)])
}

const server = await startServer()
const [model, embed] = await upload(server.url, [
  join(fixtures, 'tiny-chat-q8_0.gguf'),
  join(fixtures, 'tiny-embed.gguf'),
])
const brief = { parameters: { num_predict: 2 }, stream: false }
await (await post(server.url, '/api/create', { model: 'a', files: { 'a.gguf': model }, ...brief })).text()
await (await post(server.url, '/api/create', { model: 'b', files: { 'b.gguf': embed }, ...brief })).text()

process.stdout.write(`${count} bodies, seed ${seed}\n`)
const random = randomFrom(seed)
const statuses = new Map<number, number>()
const began = performance.now()
let next = 0
let slowest = 0

async function client(): Promise<void> {
  while (next < count) {
    const round = next++
    const [method, path] = endpoints[round % endpoints.length]!
    const body = forAModel(randomBody(random), random())
    const length = { 'content-length': String(body.length) }
    const headers: Record<string, string> = random() < 0.02 ? { ...length, 'content-encoding': 'zstd' } : length
    const since = performance.now()
    const answer = await send(server.port, method, path, body, headers)
    slowest = Math.max(slowest, performance.now() - since)
    const wrong = fault(answer)
    if (wrong) {
      const sent = `printf %s ${body.toString('base64')} | base64 -d | curl -X ${method} URL${path} --data-binary @-`
      throw new Error(`body ${round} of seed ${seed}: ${wrong}\n${sent}\n${JSON.stringify(answer)}`)
    }
    statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1)
    if (round > 0 && round % 100_000 === 0) process.stdout.write(`${round}\n`)
  }
}

await Promise.all(Array.from({ length: clients }, client))
const seconds = (performance.now() - began) / 1000

// The random bodies may have deleted it.
await (await post(server.url, '/api/create', { model: 'a', files: { 'a.gguf': model }, ...brief })).text()
const meant = Math.ceil(count / 100)
process.stdout.write(`${meant} requests that mean something\n`)
const checked = { numRuns: meant, seed, endOnFailure: true }
await fc.assert(
  fc.asyncProperty(randomRequests(), manners, async (request, how) => {
    await checkAnswered(server.url, request)
    await sendRudely(server.url, request, how)
    await checkSound(server.url)
  }),
  checked,
)

const version = await send(server.port, 'GET', '/api/version', Buffer.alloc(0), {})
if (version.status !== 200) throw new Error('the server is gone')
const told = [...statuses].sort(([a], [b]) => a - b).map(([status, times]) => `${status}: ${times}`)
process.stdout.write(
  `${told.join(', ')}; ${Math.round(count / seconds)} a second, slowest ${Math.round(slowest)} ms, ` +
    `${Math.round(process.memoryUsage().rss / 1e6)} MB\n`,
)
agent.destroy()
await server.close()
