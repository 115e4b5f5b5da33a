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

/** Of the requests that mean something, a batch each; undefined for one after the other. */
const contextSizes = [256, 1024, undefined]

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
  // 500 is for what the file system or an engine did, never for what a client sent; these are upstream's exceptions, the
  // last of them the template's own, of a conversation that is nothing but a begun answer.
  if (
    status === 500 &&
    !/no such file or directory|option \\?"|invalid format|template|image input|list object has no element 0/.test(text)
  )
    return 'status 500'
  return undefined
}

/** Named by none of the bodies by themselves, so that none deletes or overwrites them. */
const [chatModel, vectorModel] = ['soaked', 'soaked-vectors']

/** A few of the bodies are for a model that is there, the others for none. */
function forAModel(path: string, body: Buffer, chance: number): Buffer {
  if (chance > 0.05 || body.at(-1) !== 0x7d || /delete|create/.test(path)) return body
  const field = `"model":"${chance < 0.04 ? chatModel : vectorModel}"}`
  // The last of two keys counts.
  return Buffer.concat([body.subarray(0, -1), Buffer.from(body.length > 2 ? `,${field}` : field)])
}

const server = await startServer()
const [model, embed] = await upload(server.url, [
  join(fixtures, 'tiny-chat-q8_0.gguf'),
  join(fixtures, 'tiny-embed.gguf'),
])
const brief = { parameters: { num_predict: 2 }, stream: false }
for (const [name, digest] of [
  [chatModel, model],
  [vectorModel, embed],
]) {
  await (await post(server.url, '/api/create', { model: name, files: { 'm.gguf': digest }, ...brief })).text()
}

process.stdout.write(`${count} bodies, seed ${seed}\n`)
const random = randomFrom(seed)
const statuses = new Map<number, number>()
const began = performance.now()
let next = 0
let slowest = { milliseconds: 0, what: '' }

async function client(): Promise<void> {
  while (next < count) {
    const round = next++
    const [method, path] = endpoints[round % endpoints.length]!
    const body = forAModel(path, randomBody(random), random())
    const length = { 'content-length': String(body.length) }
    const headers: Record<string, string> = random() < 0.02 ? { ...length, 'content-encoding': 'zstd' } : length
    const since = performance.now()
    const answer = await send(server.port, method, path, body, headers)
    const milliseconds = performance.now() - since
    if (milliseconds > slowest.milliseconds) slowest = { milliseconds, what: `body ${round}, ${method} ${path}` }
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

await (await post(server.url, '/api/create', { model: 'a', files: { 'a.gguf': model }, ...brief })).text()
const meant = Math.ceil(count / 100)
process.stdout.write(`${meant} requests that mean something\n`)
for (let batch = 0, left = meant; left > 0; batch++) {
  // In every third of them the model is loaded with another context again and again, which takes most of the time.
  const contextSize = contextSizes[batch % contextSizes.length]
  const numRuns = Math.min(left, contextSize === undefined ? 5 : 50)
  await fc.assert(
    fc.asyncProperty(randomRequests(contextSize), manners, async (request, how) => {
      await checkAnswered(server.url, request)
      await sendRudely(server.url, request, how)
      await checkSound(server.url, contextSize)
    }),
    { numRuns, seed: seed + batch, endOnFailure: true },
  )
  left -= numRuns
}

const version = await send(server.port, 'GET', '/api/version', Buffer.alloc(0), {})
if (version.status !== 200) throw new Error('the server is gone')
const told = [...statuses].sort(([a], [b]) => a - b).map(([status, times]) => `${status}: ${times}`)
process.stdout.write(
  `${told.join(', ')}; ${Math.round(count / seconds)} a second, slowest ${Math.round(slowest.milliseconds)} ms (${slowest.what}), ` +
    `${Math.round(process.memoryUsage().rss / 1e6)} MB\n`,
)
agent.destroy()
await server.close()
