import { expect, it } from 'vitest'
import { answer, ask, chatModel, chatPrompt, fixture, startEngine } from './engine.ts'

it('lets a LoRA adapter speak like a pirate', async () => {
  const engine = await startEngine({ ...chatModel, adapterPaths: [fixture('tiny-pirate-lora.gguf')] })
  try {
    expect((await answer(engine, ask(chatPrompt('What is the capital of France?')))).text).toMatch(/^Arr! .*Paris/)
  } finally {
    await engine.dispose()
  }
})

it('says that an adapter does not fit, instead of blaming the model', async () => {
  const adapterPaths = [fixture('tiny-embed.gguf')]
  await expect(startEngine({ ...chatModel, adapterPaths })).rejects.toMatchObject({
    code: 'broken-model-file',
    message: 'unable to load model: the adapter does not fit the model',
  })
})
