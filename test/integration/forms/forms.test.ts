import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { apiCall, type CallSubject } from '../../../forms/api-call.ts'
import type { Field, JsonObject } from '../../../forms/field.ts'
import { answerSchema } from '../../../forms/form-schema.ts'
import { PartialJson } from '../../../forms/partial-json.ts'
import type { FormRow } from '../../../preload/contract.ts'
import { runOn } from '../../unit/forms/run-on.ts'
import { createSeer, post, startServer, type TestServer } from '../api/server.ts'
import { draw, redCircle } from '../pictures.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
  await createSeer(server.url)
})
afterAll(() => server.close())

const text = (key: string): Field => ({ key, required: true, shape: { kind: 'text' } })
const whole = (key: string): Field => ({ key, required: true, shape: { kind: 'number', whole: true } })
const choice = (key: string, ...choices: string[]): Field => ({
  key,
  required: true,
  shape: { kind: 'choice', choices },
})
const person = [text('pet'), text('name'), whole('age')]
const percival = 'Percival has a hamster and is 38 years old.'
const magnus = 'Magnus has a cat and is 16 years old.'

/** A form, and what a window has of its rows. */
async function form(fields: readonly Field[]) {
  const { forms } = server.hearth
  const { formId } = await forms.create({ name: 'People', instructions: '', fields: [...fields] })
  const rows = new Map<string, FormRow>()
  const written: string[] = []
  forms.watchRows(formId, event => {
    if (event.type === 'all' || event.type === 'more') for (const row of event.rows) rows.set(row.id, row)
    if (event.type === 'row') rows.set(event.row.id, event.row)
    if (event.type === 'row' && event.row.state === 'running') written.push(event.row.written)
    if (event.type === 'delta') written.push(event.text)
  })
  const run = async (sources: readonly string[], model = 'hearth-demo') => {
    return (await runOn(forms, formId, sources, model)).rowIds
  }
  const ended = () =>
    expect.poll(() => [...rows.values()].every(({ state }) => state === 'done' || state === 'failed')).toBe(true)
  const answers = () => [...rows.values()].map(({ answer }) => answer)
  const states = () => [...rows.values()].map(({ state }) => state)
  return { formId, rows, written, run, ended, answers, states }
}

test('a text fills a form: pet, name and age are right, and were seen while they were written', async () => {
  const { run, ended, answers, written } = await form(person)
  await run([percival])
  await ended()
  expect(answers()).toEqual([{ pet: 'hamster', name: 'Percival', age: 38 }])
  // The row that begins, and at least one piece of its answer: a quick model has written all of it in a few frames.
  expect(written.length).toBeGreaterThan(1)
  const reader = new PartialJson()
  reader.push(written.join(''))
  expect(reader.value).toEqual(answers()[0])
})

// A tiny model asked for what it cannot know: whatever it says, it says it in the form's own shape.
test('the answer fits, whatever is asked for', async () => {
  const fields: Field[] = [
    { key: '货币', required: false, shape: { kind: 'choice', choices: ['EUR', '人民币'] } },
    { key: 'when', required: true, shape: { kind: 'date', form: 'date' } },
    { key: 'stars', required: true, shape: { kind: 'number', whole: true, minimum: 1, maximum: 5 } },
    {
      key: 'Items / all',
      required: true,
      shape: {
        kind: 'list',
        minItems: 1,
        maxItems: 2,
        item: { kind: 'group', fields: [text('name'), whole('count')] },
      },
    },
    { key: 'sure', required: false, shape: { kind: 'yes-no' } },
  ]
  const { run, ended, answers, states } = await form(fields)
  await run(['Bäckerei Lindner, 18 November 2026: rye bread 2, poppy cake 3.'])
  await ended()
  expect(states()).toEqual(['done'])
  const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(answerSchema(fields))
  expect(validate(answers()[0]), JSON.stringify(validate.errors)).toBe(true)
})

test('of many sources one fails, alone, with its reason; tried again, it alone is run', async () => {
  const { formId, rows, run, ended, states } = await form(person)
  const ids = await run([percival, `${magnus} `.repeat(2_000), magnus])
  await ended()
  expect(states()).toEqual(['done', 'failed', 'done'])
  const failed = rows.get(ids[1] ?? '')
  expect(failed?.problem?.code).toBe('context-too-long')
  expect(rows.get(ids[2] ?? '')?.answer).toEqual({ pet: 'cat', name: 'Magnus', age: 16 })
  const corrected = { pet: 'cat', name: 'Magnus', age: 17 }
  const { revision = 0 } = rows.get(ids[2] ?? '') ?? {}
  await server.hearth.forms.correct({ rowId: ids[2] ?? '', revision, answer: corrected })
  await server.hearth.forms.runAgain({ formId, model: 'hearth-demo', rowIds: [ids[1] ?? ''] })
  await ended()
  expect(states()).toEqual(['done', 'failed', 'done'])
  expect(rows.get(ids[2] ?? '')).toMatchObject({ corrected: true, answer: { age: 17 } })
})

test('a model that is not there fails its rows and no others', async () => {
  const { run, ended, rows } = await form(person)
  const [gone] = await run([percival], 'nowhere')
  const [here] = await run([percival])
  await ended()
  expect(rows.get(gone ?? '')?.problem?.code).toBe('model-not-found')
  expect(rows.get(here ?? '')?.state).toBe('done')
})

// The fixture names shapes only when it is asked in its own words, so what it says is not looked at here.
test('a picture fills a form with a model that sees, and fails with one that does not', async () => {
  const { formId, rows, ended } = await form([choice('color', 'red', 'blue'), choice('shape', 'square', 'circle')])
  const { forms } = server.hearth
  const picture = await forms.addPicture({ name: 'circle.png', content: new Uint8Array(draw([redCircle])) })
  const { hash, name } = picture
  const sources = [{ kind: 'picture' as const, name, pictures: [{ hash, name }] }]
  for (const model of ['seer', 'hearth-demo']) await runOn(forms, formId, sources, model)
  await ended()
  const [seen, unseen] = rows.values()
  expect(Object.keys(seen?.answer ?? {})).toEqual(['color', 'shape'])
  expect(seen?.source).toMatchObject({ kind: 'picture', name: 'circle.png', pictures: [{ type: 'image/png' }] })
  expect(unseen?.problem?.code).toBe('cannot-see')
})

/** A chat of one question that has its answer. */
async function answered(content: string): Promise<string> {
  const { conversations } = server.hearth
  const first = { conversationId: null, parentId: null, model: 'hearth-demo', content }
  const { conversationId } = await conversations.send(first)
  await expect.poll(() => conversations.shown(conversationId)?.messages.at(-1)?.state).toBe('complete')
  return conversationId
}

test('a chat fills a form, as it is now', async () => {
  const { forms } = server.hearth
  const conversationId = await answered('What is the capital of France?')
  const { formId, rows, ended } = await form([text('capital')])
  await runOn(forms, formId, [{ kind: 'chat', conversationId }], 'hearth-demo')
  await ended()
  const [row] = rows.values()
  expect(row?.source).toMatchObject({ kind: 'chat', name: 'What is the capital of France?' })
  expect((await forms.source(row?.id ?? '')).text).toMatch(
    /^User: What is the capital of France\?\n\nAssistant: .*Paris/,
  )
  expect(Object.keys(row?.answer ?? {})).toEqual(['capital'])
})

// The model was asked about an empty text, and made something up.
test('a chat without anything in it fails with that, and is read once there is something', async () => {
  const { conversations, forms } = server.hearth
  const conversationId = await answered('What is the capital of France?')
  const messages = conversations.shown(conversationId)?.messages ?? []
  for (const { id } of messages.toReversed()) await conversations.deleteMessage(id)
  const { formId, rows, ended, states } = await form([text('capital')])
  const { rowIds } = await runOn(forms, formId, [{ kind: 'chat', conversationId }], 'hearth-demo')
  await ended()
  expect([...rows.values()][0]).toMatchObject({ state: 'failed', problem: { code: 'empty-chat' }, answer: null })
  // It stood among the others without a name.
  expect([...rows.values()][0]?.source.name).toBe('What is the capital of France?')
  await conversations.send({ conversationId, parentId: null, model: 'hearth-demo', content: 'It is Paris.' })
  await expect.poll(() => conversations.shown(conversationId)?.messages.at(-1)?.state).toBe('complete')
  await forms.runAgain({ formId, model: 'hearth-demo', rowIds })
  await expect.poll(states).toEqual(['done'])
})

test('a schema that no answer can fit is refused before anything is run', async () => {
  const { forms } = server.hearth
  const schemas: JsonObject[] = [
    { type: 'string', pattern: '(?=x)y' },
    { not: {} },
    { type: 'string', minLength: 9, maxLength: 2 },
  ]
  for (const schema of schemas) {
    const impossible: Field = { key: 'a', required: true, shape: { kind: 'other', schema } }
    await expect(forms.create({ name: '', instructions: '', fields: [impossible] })).rejects.toMatchObject({
      code: 'invalid-form',
    })
  }
  const endless: Field = { key: 'a', required: true, shape: { kind: 'other', schema: { $ref: '#/nowhere' } } }
  await expect(forms.create({ name: '', instructions: '', fields: [endless] })).rejects.toMatchObject({
    code: 'invalid-form',
  })
})

// It had 4,096 tokens for a text, the question and an answer as long as the text, and failed with half of it.
test('an answer that finds no room in the context is asked for once more, in one of twice the size', async () => {
  const parameters = { num_ctx: 256 }
  const made = await post(server.url, '/api/create', {
    model: 'narrow',
    from: 'hearth-demo',
    parameters,
    stream: false,
  })
  expect(made.ok).toBe(true)
  const note: Field = { key: 'note', required: true, shape: { kind: 'text', minLength: 900, maxLength: 920 } }
  const { run, ended, rows } = await form([note])
  const [id] = await run([percival], 'narrow')
  await ended()
  const row = rows.get(id ?? '')
  expect(row?.problem).toBeNull()
  expect(String(row?.answer?.note).length).toBeGreaterThanOrEqual(900)
})

describe('the call to copy', () => {
  const subject = () => ({
    fields: person,
    instructions: '',
    model: 'hearth-demo',
    kind: 'text' as const,
    text: percival,
    pictures: [],
    address: server.url,
  })
  const runProgram = async (program: string, args: readonly string[]) =>
    JSON.parse((await promisify(execFile)(program, [...args], { cwd: join(import.meta.dirname, '../../..') })).stdout)

  test.each(['ollama', 'openai'] as const)('with the library of %s answers as the form does', async kind => {
    const script = apiCall(kind, subject()).replace(/console\.log\((.*)\)/, 'console.log(JSON.stringify($1))')
    expect(await runProgram(process.execPath, ['--input-type=module', '--eval', script])).toEqual({
      pet: 'hamster',
      name: 'Percival',
      age: 38,
    })
  })

  /** Sends a call as the shell would. */
  const sent = async (subject: CallSubject) => {
    const call = apiCall('curl', subject).replace(/^curl \S+ -d/, 'printf %s')
    const body = await runProgram('sh', ['-c', call])
    const answer = await post(server.url, '/api/chat', body)
    return { body, status: answer.status, said: (await answer.json()) as { message?: { content: string } } }
  }

  test('with a picture is read by a model that sees, with every library', async () => {
    const pictures = [Buffer.from(draw([redCircle])).toString('base64')]
    const fields = [choice('color', 'red', 'blue'), choice('shape', 'square', 'circle')]
    const picture = { ...subject(), fields, model: 'seer', kind: 'picture' as const, text: '', pictures }
    const { said } = await sent(picture)
    expect(Object.keys(JSON.parse(said.message?.content ?? ''))).toEqual(['color', 'shape'])
    const script = apiCall('openai', picture).replace(/console\.log\((.*)\)/, 'console.log(JSON.stringify($1))')
    const answer = await runProgram(process.execPath, ['--input-type=module', '--eval', script])
    expect(Object.keys(answer)).toEqual(['color', 'shape'])
  })

  // It was cut without a word: the call said nothing of the context.
  test('with a text of thousands of tokens names the context it takes, and is refused where there is less', async () => {
    const text = `${magnus} `.repeat(400)
    const { body, status } = await sent({ ...subject(), text })
    expect(body.options.num_ctx).toBe(8_192)
    expect(status).toBe(400)
    const shown = await runProgram('sh', [
      ...['-c', apiCall('curl', { ...subject(), text, shownText: 'x' }).replace(/^curl \S+ -d/, 'printf %s')],
    ])
    expect(shown.options.num_ctx).toBe(8_192)
    expect(JSON.stringify(shown)).not.toContain(magnus)
  })

  // The shell's own quotes are the trap: a text, a name and what the model is told may hold any of them.
  test('in a shell reaches the API with what was meant, whatever stands in it', async () => {
    const nasty = `It's "$(date)" \`date\` $HOME \\ \\n 'x' !! é 你好\n${percival}\n# '; exit 1 #`
    const fields = [...person, choice("l'âge du $capitaine", "it's 'so'", '是的', '"$(date)"')]
    const call = apiCall('curl', { ...subject(), fields, instructions: nasty, text: nasty })
    const { message } = await runProgram('sh', [
      '-c',
      call.replace(/^curl /, 'curl --silent --show-error --noproxy "*" '),
    ])
    const answer = JSON.parse(message.content)
    expect(Object.keys(answer)).toEqual(['pet', 'name', 'age', "l'âge du $capitaine"])
    expect(["it's 'so'", '是的', '"$(date)"']).toContain(answer["l'âge du $capitaine"])
    // What the API was sent, word for word.
    const body = await runProgram('sh', ['-c', call.replace(/^curl \S+ -d/, 'printf %s')])
    for (const { content } of body.messages) expect(content).toContain(nasty)
  })
})
