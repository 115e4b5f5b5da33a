import { describe, expect, test } from 'vitest'
import { post, scriptedApi, telling, textOf } from './scripted.ts'

const ask = async (path: string, body: object | string) => {
  const { api, inference } = scriptedApi(telling())
  inference.vectorOf = input => [input.length, 0.5]
  const response = await api.fetch(post(path, body))
  return { status: response.status, text: await textOf(response), asked: inference.embedded[0] }
}

describe('/api/embed', () => {
  test('tells vectors as 32-bit floats, keys in upstream’s order', async () => {
    const { text } = await ask('/api/embed', { model: 'M', input: ['a', 'bc'] })
    expect(text).toBe(
      '{"model":"M","embeddings":[[1,0.5],[2,0.5]],"total_duration":7,"load_duration":5,"prompt_eval_count":4}',
    )
  })

  test('of thousands of texts lets others have their turn while it writes', async () => {
    const { api, inference } = scriptedApi(telling())
    inference.vectorOf = input => Array.from({ length: 512 }, (_, at) => Math.sin(at + input.length))
    const answer = api.fetch(post('/api/embed', { model: 'M', input: Array(1000).fill('a') }))
    let turns = 0
    let answered = false
    const others = (async () => {
      while (!answered) {
        await new Promise(resolve => setImmediate(resolve))
        turns++
      }
    })()
    const response = await answer
    answered = true
    await others
    expect(response.status).toBe(200)
    expect(turns).toBeGreaterThan(2)
  })

  test('asks for what the request says', async () => {
    const { asked } = await ask('/api/embed', {
      model: 'M',
      input: 'a',
      truncate: false,
      dimensions: 3,
      keep_alive: '1m',
      options: { num_ctx: 64 },
    })
    expect(asked).toEqual({
      model: 'M',
      inputs: ['a'],
      truncate: false,
      dimensions: 3,
      keepAlive: 60_000,
      options: { num_ctx: 64 },
    })
  })

  test.each([undefined, null, '', []])('only loads for the input %j', async input => {
    const { text, asked } = await ask('/api/embed', { model: 'M', input })
    expect(asked!.inputs).toEqual([])
    expect(text).toBe('{"model":"M","embeddings":[]}')
  })

  test('takes an empty text among others for a text', async () => {
    expect((await ask('/api/embed', { model: 'M', input: [''] })).asked!.inputs).toEqual([''])
  })

  test.each([1, true, { a: 1 }, [1, 2], ['a', null], [['a']]])('refuses the input %j', async input => {
    expect(await ask('/api/embed', { model: 'M', input })).toMatchObject({
      status: 400,
      text: '{"error":"invalid input type"}',
    })
  })

  test.each([
    ['', 'missing request body'],
    ['{"model":1}', 'json: cannot unmarshal number into Go struct field EmbedRequest.model of type string'],
    [
      '{"dimensions":1.5}',
      'json: cannot unmarshal number 1.5 into Go struct field EmbedRequest.dimensions of type int',
    ],
  ])('refuses the body %j', async (body, error) => {
    expect(await ask('/api/embed', body)).toMatchObject({ status: 400, text: JSON.stringify({ error }) })
  })
})

describe('/api/embeddings', () => {
  test('tells one vector as 64-bit floats, as the model made it', async () => {
    const { text, asked } = await ask('/api/embeddings', { model: 'M', prompt: 'abc' })
    expect(text).toBe('{"embedding":[3,0.5]}')
    expect(asked).toMatchObject({ inputs: ['abc'], raw: true, truncate: false })
  })

  test('only loads without a prompt', async () => {
    const { text, asked } = await ask('/api/embeddings', { model: 'M' })
    expect(asked!.inputs).toEqual([])
    expect(text).toBe('{"embedding":[]}')
  })

  test('needs a model', async () => {
    expect(await ask('/api/embeddings', { prompt: 'a' })).toMatchObject({
      status: 400,
      text: '{"error":"model is required"}',
    })
  })
})
