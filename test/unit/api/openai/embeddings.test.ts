import { expect, test } from 'vitest'
import { post, scriptedApi, telling } from '../scripted.ts'
import { refusal } from './asking.ts'

const ask = async (body: object) => {
  const { api, inference } = scriptedApi(telling())
  inference.vectorOf = input => [input.length, 0.1]
  const response = await api.fetch(post('/v1/embeddings', { model: 'M', ...body }))
  return { status: response.status, text: await response.text(), asked: inference.embedded[0] }
}
const listed = (...data: string[]) =>
  `{"object":"list","data":[${data.join()}],"model":"M","usage":{"prompt_tokens":${2 * data.length},"total_tokens":${2 * data.length}}}\n`

test('vectors come as numbers with their index', async () => {
  const { text, asked } = await ask({ input: ['a', 'bc'], dimensions: 2, encoding_format: 'Float', user: 'u' })
  expect(text).toBe(
    listed(
      '{"object":"embedding","embedding":[1,0.1],"index":0}',
      '{"object":"embedding","embedding":[2,0.1],"index":1}',
    ),
  )
  expect(asked).toEqual({ model: 'M', inputs: ['a', 'bc'], dimensions: 2 })
})

test('or as the base64 of little-endian 32-bit floats', async () => {
  const { text } = await ask({ input: 'a', encoding_format: 'BASE64' })
  expect(text).toBe(listed('{"object":"embedding","embedding":"AACAP83MzD0=","index":0}'))
})

test('an empty text is embedded, not taken for none', async () => {
  expect((await ask({ input: '' })).asked!.inputs).toEqual([''])
})

test.each<[object, string]>([
  [{}, 'invalid input'],
  [{ input: null }, 'invalid input'],
  [{ input: [] }, 'invalid input'],
  [{ input: 7 }, 'invalid input type'],
  [{ input: [1, 2, 3] }, 'invalid input type'],
  [{ input: [[1, 2]] }, 'invalid input type'],
  [
    { input: 'a', encoding_format: 'hex' },
    "Invalid value for 'encoding_format' = hex. Supported values: ['float', 'base64'].",
  ],
])('refuses %j', async (body, message) => {
  expect(await ask(body)).toMatchObject({ status: 400, text: refusal(message) })
})
