import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { convertSafetensors } from '../../../main/engine/tool/safetensors/convert.ts'
import { answer, ask, chatModel, chatPrompt, fixture, startEngine } from '../engine/engine.ts'
import { convertingFolder, Gguf } from './converted.ts'

const { folder } = convertingFolder()
const source = fixture('tiny-chat-hf')
const files = Object.fromEntries(readdirSync(source).map(name => [name, join(source, name)]))

// The fixture GGUF was written by llama.cpp's own gguf-py, from the weights before they went into the folder.
it('makes of a folder the GGUF that was made of the same weights, bit for bit', async () => {
  const output = join(folder.path, 'tiny-chat.gguf')
  const told: number[][] = []
  const converted = await convertSafetensors({ files, output }, { onProgress: (...bytes) => told.push(bytes) })
  expect(converted).toEqual({ kind: 'model', architecture: 'llama', warnings: [] })
  const [made, original] = [await Gguf.open(output), await Gguf.open(fixture('tiny-chat-f16.gguf'))]

  expect(made.tensorNames).toEqual(original.tensorNames)
  for (const name of original.tensorNames) {
    const [a, b] = [made.tensor(name), original.tensor(name)]
    expect([name, a.type, a.shape]).toEqual([name, b.type, b.shape])
    // The folder keeps norms in F16, so that the original's F32 came back rounded.
    if (a.type === 1) expect(a.data.equals(b.data), name).toBe(true)
    else expect(made.numbers(name)).toEqual(original.numbers(name).map(value => expect.closeTo(value, 3)))
  }
  const [a, b] = [await made.metadata(), await original.metadata()]
  const described = Object.keys(b).filter(
    // What a folder does not say: the model's name, tokens for infill, tokens nobody uses.
    key => !/^general\.(name|description|license|size_label)$|fim_|eot_|add_space_prefix|token_type/.test(key),
  )
  expect(described.length).toBeGreaterThan(18)
  for (const key of described) expect([key, a[key]]).toEqual([key, b[key]])
  const types = a['tokenizer.ggml.token_type'] as number[]
  expect(types.slice(1331)).toEqual((b['tokenizer.ggml.token_type'] as number[]).slice(1331))

  expect(told.at(-1)![0]).toBe(told.at(-1)![1])
  expect(told.map(([done]) => done)).toEqual(told.map(([done]) => done).sort((x, y) => x! - y!))
})

interface Case {
  readonly body: {
    readonly messages?: readonly { readonly role: string; readonly content: unknown }[]
    readonly tools?: unknown
    readonly response_format?: unknown
    readonly chat_template_kwargs?: { readonly enable_thinking?: boolean }
  }
  readonly check: { readonly contains?: readonly string[]; readonly equals?: string }
}

/** Some of the evaluation's conversations of plain text. */
const cases = (JSON.parse(readFileSync(fixture('eval.json'), 'utf8')) as Case[])
  .filter(
    ({ body, check }) =>
      (check.contains || check.equals) &&
      !body.tools &&
      !body.response_format &&
      body.chat_template_kwargs?.enable_thinking === false &&
      body.messages?.every(({ role, content }) => role !== 'system' && typeof content === 'string'),
  )
  .filter((_, index) => index % 3 === 0)

it("answers the evaluation's questions, converted, as the original does", async () => {
  const output = join(folder.path, 'answering.gguf')
  await convertSafetensors({ files, output })
  const answers = []
  for (const modelPath of [output, fixture('tiny-chat-f16.gguf')]) {
    const engine = await startEngine({ ...chatModel, modelPath, slots: 4, contextSize: 4096 })
    try {
      const texts = cases.map(async ({ body }) => {
        const prompt = chatPrompt(...body.messages!.map(({ content }) => content as string))
        return (await answer(engine, ask(prompt, { maxTokens: 100 }))).text
      })
      answers.push(await Promise.all(texts))
    } finally {
      await engine.dispose()
    }
  }
  const [made, original] = answers
  expect(made).toEqual(original)
  const right = made!.filter((text, index) => {
    const { contains, equals } = cases[index]!.check
    return contains ? contains.every(part => text.includes(part)) : text.trim() === equals!.trim()
  })
  expect(cases.length).toBeGreaterThan(40)
  expect(right.length / cases.length).toBeGreaterThan(0.85)
})
