import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { hearingProjector } from '../engine/random-projector.ts'
import { anthropic } from './contract/anthropic.ts'
import { conversation, generation, vectors } from './contract/inference.ts'
import { models, nothing } from './contract/models.ts'
import { chatCompletions, completionsAndModels, responses, transcriptions } from './contract/openai.ts'
import { type Answer, fromTheWindow, overHttp, type Row, settled } from './contract/row.ts'
import { keepAlive, names, refusals, settings } from './contract/shared-concepts.ts'
import { paths, transport } from './contract/transport.ts'
import { fixtures, post, startServer, type TestServer, upload } from './server.ts'
import { withTemplate } from './with-template.ts'

/**
 * The API contract as a table: each row is one request and the whole of its answer, byte for byte where it can be, over
 * HTTP and as the window asks. What takes several requests to show stands in contract.test.ts.
 */

let server: TestServer
beforeAll(async () => {
  server = await startServer()
  const chat = join(fixtures, 'tiny-chat-q8_0.gguf')
  const hearing = join(server.models, 'hearing.gguf')
  await writeFile(hearing, hearingProjector(192))
  const paths = [join(fixtures, 'tiny-embed.gguf'), chat, await withTemplate(chat, server.models), hearing]
  const [embed, talking, plain, ears, eyes] = await upload(server.url, [...paths, join(fixtures, 'mmproj-tiny.gguf')])
  for (const body of [
    { model: 'echo', files: { 'plain.gguf': plain }, template: '[{{ .System }}]({{ .Prompt }})' },
    { model: 'filling', files: { 'plain.gguf': plain }, template: '<P>{{ .Prompt }}<S>{{ .Suffix }}<M>' },
    { model: 'bert', files: { 'tiny-embed.gguf': embed } },
    {
      model: 'spoken',
      files: { 'tiny-chat.gguf': talking },
      system: 'You are Tiny.',
      parameters: { num_predict: 3, temperature: 0 },
    },
    {
      model: 'everything',
      files: { 'tiny-chat.gguf': talking, 'mmproj.gguf': eyes },
      license: ['first', 'second'],
      messages: [
        { role: 'user', content: 'hi' },
        { role: 'assistant', content: 'hello' },
      ],
      requires: '0.9.0',
    },
    { model: 'hearer', files: { 'tiny-chat.gguf': talking, 'hearing.gguf': ears }, parameters: { num_predict: 4 } },
    { model: 'painter', from: 'hearth-demo', info: { capabilities: ['image'] } },
  ]) {
    const created = await post(server.url, '/api/create', { ...body, stream: false })
    expect(await created.text()).toBe('{"status":"success"}')
  }
})
afterAll(() => server.close())

const sections: readonly (readonly [string, readonly Row[]])[] = [
  ['§0 transport', transport],
  ['§1 paths', paths],
  ['§2.1 names', names],
  ['§2.2 keep_alive', keepAlive],
  ['§2.3 to §2.5 options, format, think', settings],
  ['§2.6 to §2.9 refusals', refusals],
  ['§3 /api/generate', generation],
  ['§4 /api/chat', conversation],
  ['§5 vectors', vectors],
  ['§6 to §8 models', models],
  ['§10.1 /v1/chat/completions', chatCompletions],
  ['§10.2 to §10.4 completions, models, embeddings', completionsAndModels],
  ['§10.5 /v1/responses', responses],
  ['§10.6 /v1/audio/transcriptions', transcriptions],
  ['§11 /v1/messages', anthropic],
]

describe.each(sections)('%s', (_, rows) => {
  test.each(rows.map((row): [string, Row] => [`${row.method} ${row.path}: ${row.rule}`, row]))('%s', (_, row) =>
    holds(row),
  )
})

describe('§6, §8 and §10.3 without a model', () => {
  beforeAll(async () => {
    const { models } = (await (await fetch(`${server.url}/api/tags`)).json()) as { models: { name: string }[] }
    for (const { name: model } of models) {
      await post(server.url, '/api/generate', { model, keep_alive: 0 })
      await post(server.url, '/api/embed', { model, keep_alive: 0 })
      expect((await post(server.url, '/api/delete', { model }, 'DELETE')).status).toBe(200)
    }
    await vi.waitUntil(() => server.hearth.inference.running().length === 0)
  })

  test.each(nothing.map((row): [string, Row] => [row.path, row]))('%s', (_, row) => holds(row))
})

async function holds(row: Row): Promise<void> {
  const http = await overHttp(server, row)
  check(row, http)
  const window = await fromTheWindow(server, row)
  check(row, window)
  if (typeof row.answer !== 'string') expect(settled(window.text)).toBe(settled(http.text))
}

function check(row: Row, { status, type, headers, text }: Answer): void {
  const told = settled(text)
  if (typeof row.answer === 'string')
    expect({ status, type, answer: told }).toEqual({ status: row.status, type: row.type, answer: row.answer })
  else {
    expect({ status, type, told }).toMatchObject({ status: row.status, type: row.type })
    expect(told).toMatch(row.answer)
  }
  for (const [name, value] of Object.entries(row.answerHeaders ?? {}))
    expect([name, headers.get(name)]).toEqual([name, value])
}
