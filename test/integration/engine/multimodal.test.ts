import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Engine, type GenerateEvent, type LoadOptions, mediaMarker } from '../../../main/engine/engine.ts'
import { forkEngine } from '../../../main/engine/fork.ts'
import { eventWindow } from '../../../main/engine/protocol.ts'
import { createEngineStarter } from '../../../main/engine/start-engine.ts'
import { eachOf } from '../../../main/portions.ts'
import { blueSquare, draw, pictureCases, pictureFile, png, redCircle } from '../pictures.ts'
import {
  answer,
  ask,
  askEndlessly,
  chatModel,
  chatPrompt,
  engineEntry,
  fixture,
  greedy,
  startEngine,
} from './engine.ts'

const seeing: LoadOptions = { ...chatModel, projectorPath: fixture('mmproj-tiny.gguf'), withProjector: true }
const what = chatPrompt(`${mediaMarker}What do you see?`)
const capital = chatPrompt('What is the capital of France?')

let engine: Engine
beforeAll(async () => {
  engine = await startEngine(seeing)
})
afterAll(() => engine.dispose())

const see = async (...media: Buffer[]) => (await answer(engine, ask(what, { media }))).text

describe('a model with a projector', () => {
  it('says what it takes in, and what it holds', () => {
    expect(engine.info).toMatchObject({
      architecture: 'llama',
      contextSize: 2048,
      slots: 1,
      vocabularySize: 1344,
      addsBos: false,
      eosToken: '<|im_end|>',
      media: { vision: true, audio: false },
    })
    // Weights, projector, and keys and values of 2,048 tokens in five layers of 192 numbers.
    expect(engine.info.ramBytes).toBe(2_951_360 + 1_326_688 + 2048 * 5 * 2 * 192 * 2)
  })

  // Wrong pixels or positions of a picture change these answers. Each third of the known ones, to save time.
  it.each(pictureCases().filter((_, index) => index % 3 === 0))(
    'answers "$question" with "$answer", as llama-server does',
    async test => {
      const parts = test.pictureFirst ? [mediaMarker, test.question] : [test.question, mediaMarker]
      const { text } = await answer(engine, ask(chatPrompt(parts.join('')), { media: [test.picture] }))
      expect(text).toBe(test.answer)
    },
  )

  it('answers without a picture, with the counts of a plain model', async () => {
    const plain = await startEngine(chatModel)
    const request = ask(chatPrompt('你好'))
    const [seer, reader] = [await answer(engine, request), await answer(plain, request)]
    await plain.dispose()
    expect(seer.text).toBe(reader.text)
    expect(seer.tokens).toEqual(reader.tokens)
    expect(seer.reason).toBe('stop')
    expect(seer.counts).toMatchObject({
      promptTokens: reader.counts.promptTokens,
      outputTokens: reader.counts.outputTokens,
    })
  })

  it('counts the places of a picture as tokens of the prompt, and keeps them for the next turn', async () => {
    const media = [draw([redCircle])]
    const first = await answer(engine, ask(what, { media }))
    const textTokens = (await engine.tokenize(what.replace(mediaMarker, ''), { special: true })).length
    // The projector makes 64 places of each picture.
    expect(first.counts.promptTokens).toBe(textTokens + 64)
    expect(first.tokens.every(token => token >= 0)).toBe(true)
    const next = `${what}${first.text}<|im_end|>\n${capital}`
    const second = await answer(engine, ask(next, { media }))
    expect(second.text).toContain('Paris')
    expect(second.counts.cachedTokens).toBeGreaterThanOrEqual(first.counts.promptTokens)
  })

  it('forgets the picture before for the one now', async () => {
    expect(await see(draw([redCircle]))).toBe('A red circle.')
    expect(await see(draw([blueSquare]))).toBe('A blue square.')
  })

  // The fixture model looks at the first picture alone, so the answer shows which one that is.
  it.each([
    ['in one message', `${mediaMarker}${mediaMarker}What do you see?`, []],
    ['in two turns', `${mediaMarker}What do you see?`, ['A red circle.', `${mediaMarker}What do you see?`]],
  ])('keeps two pictures %s in their order', async (_, first, more) => {
    const prompt = chatPrompt(first, ...more)
    const pictures = [draw([redCircle]), draw([blueSquare])]
    const inOrder = await answer(engine, ask(prompt, { media: pictures }))
    expect(inOrder.text).toBe('A red circle.')
    expect((await answer(engine, ask(prompt, { media: pictures.toReversed() }))).text).toBe('A blue square.')
    const words = await engine.tokenize(prompt.replaceAll(mediaMarker, ''), { special: true })
    expect(inOrder.counts.promptTokens).toBe(words.length + 2 * 64)
  })

  it('remembers a picture of an earlier turn', async () => {
    const prompt = chatPrompt(`${mediaMarker}Hello`, 'Hi!', 'What do you see?')
    expect((await answer(engine, ask(prompt, { media: [draw([blueSquare])] }))).text).toBe('A blue square.')
  })

  it('speaks the rest of the protocol as a plain model does', async () => {
    expect(await engine.tokenize('<|im_end|>')).toHaveLength(1)
    expect(await engine.tokenize('')).toEqual([])
    const tokens = await engine.tokenize('Hello<|im_end|>', { special: true })
    expect(await engine.detokenize(tokens, { special: true })).toBe('Hello<|im_end|>')
    expect(await engine.detokenize(tokens)).toBe('Hello')
    expect(await engine.detokenize([])).toBe('')
    const unknown = { status: 400, message: 'the prompt holds a token that the model does not have' }
    await expect(engine.detokenize([99_999])).rejects.toMatchObject(unknown)
    await engine.ping()
    await expect(engine.embed(['x'])).rejects.toMatchObject({ message: 'the model is not loaded for embeddings' })
    const ready = await engine.tokenize(capital, { special: true })
    expect((await answer(engine, ask(ready))).text).toContain('Paris')
  })

  it('loads adapters', async () => {
    const pirate = await startEngine({ ...seeing, adapterPaths: [fixture('tiny-pirate-lora.gguf')] })
    expect((await answer(pirate, ask(capital))).text).toMatch(/^Arr! /)
    await pirate.dispose()
  })
})

describe('an answer of a model with a projector', () => {
  it('stops at a stop string, which stays out of the text', async () => {
    const count = chatPrompt('Count from 1 to 30')
    const stopped = await answer(engine, ask(count, { stop: ['9, 10'] }))
    expect(stopped).toMatchObject({ text: '1, 2, 3, 4, 5, 6, 7, 8, ', reason: 'stop', stopString: '9, 10' })
  })

  it('ends with `length` after the tokens it was allowed, or none', async () => {
    expect(await answer(engine, ask(capital, { maxTokens: 2 }))).toMatchObject({
      text: 'The capital',
      reason: 'length',
      counts: { outputTokens: 2 },
    })
    expect(await answer(engine, ask(capital, { maxTokens: 0 }))).toMatchObject({ text: '', reason: 'length' })
    // A prompt that was only counted must not be taken for evaluated afterwards.
    expect((await answer(engine, ask(capital))).text).toBe('The capital of France is Paris.')
  })

  it('obeys a grammar', async () => {
    const grammar = 'root ::= "Lyon" | "Nice"'
    expect((await answer(engine, ask(capital, { grammar }))).text).toMatch(/^(Lyon|Nice)$/)
  })

  it('draws the same with the same seed, and only likely tokens', async () => {
    const warm = { ...greedy, temperature: 0.8, seed: 7 }
    const story = ask(chatPrompt('Write a story'), { sampling: warm, maxTokens: 40 })
    expect((await answer(engine, story)).text).toBe((await answer(engine, story)).text)
    // The binding's own defaults replace one token in ten by an unlikely one.
    for (let seed = 1; seed <= 8; seed++) {
      expect((await answer(engine, ask(capital, { sampling: { ...greedy, seed } }))).text).toContain('Paris')
    }
  })

  it('hides special tokens unless they are asked for', async () => {
    const thinking = '<|im_start|>user\nWhat is 2 plus 3?<|im_end|>\n<|im_start|>assistant\n'
    const hidden = await answer(engine, ask(thinking))
    const shown = await answer(engine, ask(thinking, { preservedTokens: ['<think>', '</think>'] }))
    const plain = await startEngine(chatModel)
    expect(hidden.text).toBe((await answer(plain, ask(thinking))).text)
    expect(shown.text).toContain('</think>')
    await plain.dispose()
  })

  it('reports the probabilities its tokens were drawn with', async () => {
    const warm = { ...greedy, temperature: 1, topP: 1, seed: 1 }
    for (const _ of [1, 2]) {
      const { pieces } = await answer(engine, ask(capital, { sampling: warm, logprobs: 3, maxTokens: 3 }))
      const entries = pieces.flatMap(({ logprobs = [] }) => logprobs)
      // The binding hands out those of earlier answers again.
      expect(entries.map(({ token }) => token)).toEqual(['The', ' capital', ' of'])
      expect(entries.every(({ logprob, top }) => logprob <= 0 && logprob > -1 && top?.length === 3)).toBe(true)
    }
  })

  it('is cancelled between two tokens, and the next one is not touched by it', async () => {
    const endless = askEndlessly(chatPrompt('Write a story'))
    const abort = new AbortController()
    await expect(
      (async () => {
        for await (const event of eachOf(engine.generate(endless, abort.signal)))
          if (event.type === 'text') abort.abort()
      })(),
    ).rejects.toMatchObject({ name: 'AbortError' })
    // At once, before its prompt is read: what was not read must not count as known.
    const early = new AbortController()
    const waiting = answer(engine, ask(capital), early.signal)
    early.abort()
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' })
    expect((await answer(engine, ask(capital))).text).toBe('The capital of France is Paris.')
  })

  it('waits for those before it, whatever becomes of them', async () => {
    const leaving = new AbortController()
    const ended: number[] = []
    const asked = [
      see(draw([redCircle])),
      answer(engine, ask(what, { media: [draw([blueSquare])] }), leaving.signal),
      see(Buffer.from('no picture at all, but long enough')),
      see(draw([blueSquare])),
      see(draw([redCircle]), draw([redCircle])),
      see(draw([redCircle])),
    ].map((work, index) => work.finally(() => ended.push(index)))
    leaving.abort()
    const results = await Promise.allSettled(asked)
    expect(results.map(result => (result.status === 'fulfilled' ? result.value : result.reason.message))).toEqual([
      'A red circle.',
      expect.stringContaining('aborted'),
      expect.stringContaining('neither a picture nor a sound'),
      'A blue square.',
      'the prompt has 1 places for 2 pictures or sounds',
      'A red circle.',
    ])
    expect(ended.filter(index => [0, 3, 5].includes(index))).toEqual([0, 3, 5])
  })

  it('reaches a slow reader whole', async () => {
    const patient = await createEngineStarter(forkEngine(engineEntry), { readerPatience: 600_000 })(seeing)
    try {
      const long = ask(chatPrompt('x'), { grammar: 'root ::= "ab"{350}', maxTokens: 2000 })
      const read: GenerateEvent[] = []
      for await (const portion of patient.generate(long)) {
        // One at a time: the next is answered when all of this is made, and its reader has none but the first.
        if (read.length === 0) await answer(patient, ask(capital))
        read.push(...portion)
      }
      expect(read.length).toBeGreaterThan(eventWindow)
      expect(read.map(event => (event.type === 'text' ? event.text : '')).join('')).toBe('ab'.repeat(350))
    } finally {
      await patient.dispose()
    }
  })

  it('is refused when its prompt does not fit', async () => {
    const tooLong = chatPrompt(`${mediaMarker}${'word '.repeat(3000)}`)
    await expect(answer(engine, ask(tooLong, { media: [draw([redCircle])] }))).rejects.toMatchObject({
      code: 'context-too-long',
      status: 400,
    })
    await expect(answer(engine, ask(''))).rejects.toMatchObject({ message: 'the prompt is empty' })
    await expect(answer(engine, ask(what, { media: [draw([redCircle]), draw([redCircle])] }))).rejects.toMatchObject({
      message: 'the prompt has 1 places for 2 pictures or sounds',
    })
  })
})

describe('pictures of every kind', () => {
  it.each([
    'red-circle.jpg',
    'red-circle-progressive.jpg',
    'red-circle.gif',
    'red-circle-lossy.webp',
    'red-circle-lossless.webp',
    'red-circle-alpha.webp',
    // The first picture of an animation, as of a GIF.
    'red-circle-then-square.webp',
  ])('reads %s', async name => {
    expect(await see(pictureFile(name))).toBe('A red circle.')
  })

  const circle = draw([redCircle])
  const bomb = png(64, 64, deflateSync(Buffer.alloc(50_000_000)))
  it.each<[string, Buffer, string]>([
    ['nothing', Buffer.alloc(0), 'the file is empty'],
    ['a text', Buffer.from('no picture at all, but long enough'), 'it is neither a picture nor a sound'],
    ['a film', Buffer.from('00000020667479706d703432000000006d703432', 'hex'), 'it is neither a picture nor a sound'],
    ['a vector picture', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'it is neither a picture'],
    ['the first bytes of a PNG', circle.subarray(0, 14), 'damaged or cut off'],
    ['a PNG cut off in its pixels', circle.subarray(0, 150), 'cut off'],
    ['a PNG of noise', png(64, 64, Buffer.from('this is not a zlib stream')), 'damaged'],
    [
      'a PNG that claims 100,000 x 100,000 pixels',
      png(100_000, 100_000, circle),
      '100000 x 100000 pixels is too large',
    ],
    ['a PNG of no pixels', png(0, 10, circle), 'damaged'],
    ['a PNG that unpacks to more than its pixels', bomb, 'unpacks to more than its size'],
    ['a JPEG without a frame', pictureFile('red-circle.jpg').subarray(0, 100), 'damaged or cut off'],
    ['the head of a WebP', pictureFile('red-circle-lossy.webp').subarray(0, 40), 'WebP cannot be decoded'],
    [
      'an animated WebP cut off in its first picture',
      pictureFile('red-circle-then-square.webp').subarray(0, 80),
      'its animation has no picture',
    ],
  ])('refuses %s', async (_, file, why) => {
    await expect(see(file)).rejects.toMatchObject({
      code: 'invalid-request',
      status: 400,
      message: expect.stringMatching(new RegExp(`^Failed to load image or audio file: .*${why}`)),
    })
  })

  it('refuses sound that the projector cannot hear', async () => {
    const wav = Buffer.from('RIFF\x24\0\0\0WAVEfmt ', 'latin1')
    await expect(see(wav)).rejects.toMatchObject({
      code: 'capability-missing',
      status: 500,
      message: 'audio input is not supported - hint: if this is unexpected, you may need to provide the mmproj',
    })
  })

  it('survives pictures with bits changed anywhere', async () => {
    const files = ['red-circle.jpg', 'red-circle.gif', 'red-circle-lossy.webp', 'red-circle-then-square.webp']
    let seed = 42
    const random = (below: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31
      return seed % below
    }
    for (let round = 0; round < 25; round++) {
      const file = Buffer.from(round % 5 === 4 ? circle : pictureFile(files[round % 5]!))
      for (let change = 0; change < 1 + (round % 7); change++) file[random(file.length)] = random(256)
      const outcome = await see(file.subarray(0, round % 3 === 0 ? random(file.length) : file.length)).catch(
        (error: Error) => error,
      )
      if (typeof outcome !== 'string') expect(outcome).toMatchObject({ name: 'Problem', code: 'invalid-request' })
    }
    expect(await see(circle)).toBe('A red circle.')
  })
})

describe('a model and a projector that cannot be loaded', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'multimodal-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  const broken = async (name: string, bytes: number) => {
    const path = join(folder, `${bytes}-${name}`)
    await copyFile(fixture(name), path)
    await writeFile(path, (await readFile(path)).subarray(0, bytes))
    return path
  }

  it.each<[string, () => Promise<Partial<LoadOptions>>, string, RegExp]>([
    [
      'weights cut off',
      async () => ({ modelPath: await broken('tiny-chat-q8_0.gguf', 1_500_000) }),
      'broken-model-file',
      /file bounds/,
    ],
    [
      'a projector cut off',
      async () => ({ projectorPath: await broken('mmproj-tiny.gguf', 500_000) }),
      'broken-model-file',
      /its projector/,
    ],
    [
      'a model for a projector',
      async () => ({ projectorPath: fixture('tiny-chat-q8_0.gguf') }),
      'broken-model-file',
      /its projector/,
    ],
    [
      'a projector of another width',
      async () => ({ modelPath: fixture('tiny-embed.gguf') }),
      'broken-model-file',
      /its projector/,
    ],
    [
      'a projector for a model',
      async () => ({ modelPath: fixture('mmproj-tiny.gguf') }),
      'broken-model-file',
      /damaged/,
    ],
    [
      'a projector that is not there',
      async () => ({ projectorPath: join(folder, 'none') }),
      'model-not-found',
      /"none" not found/,
    ],
    [
      'an adapter that is none',
      async () => ({ adapterPaths: [fixture('mmproj-tiny.gguf')] }),
      'broken-model-file',
      /adapter/,
    ],
    ['a context larger than memory', async () => ({ contextSize: 2 ** 30 }), 'out-of-memory', /system memory/],
  ])('%s', async (_, change, code, message) => {
    const options = { ...seeing, ...(await change()) }
    await expect(startEngine(options)).rejects.toMatchObject({ code, message: expect.stringMatching(message) })
  })
})

it('a request that breaks the binding is answered, and the process ends for the next to start anew', async () => {
  const doomed = await startEngine(seeing)
  await expect(answer(doomed, ask(capital, { grammar: 'root ::= (' }))).rejects.toMatchObject({
    status: 400,
    message: 'failed to parse grammar',
  })
  expect(await doomed.exited).toMatchObject({ expected: false })
})

it('a model without a projector refuses media', async () => {
  const blind = await startEngine(chatModel)
  await expect(answer(blind, ask(what, { media: [draw([redCircle])] }))).rejects.toMatchObject({ status: 500 })
  await blind.dispose()
})
