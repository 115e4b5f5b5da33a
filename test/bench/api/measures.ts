import { setTimeout } from 'node:timers/promises'
import type { TextSize } from './random-text.ts'
import type { Completed, Server } from './server.ts'

/** One row of the table: a number of each server, the same work asked of both. */
export interface Measure {
  readonly name: string
  readonly unit: string
  /** @param round counts from zero; every round asks for something new, so that nothing is in a cache by chance */
  measure(server: Server, round: number, sizes: Sizes): Promise<number>
  readonly target: string
  /** @param isRandom the model is the one of 135M; some targets are about it alone */
  isMet(ours: number, theirs: number, isRandom: boolean): boolean
}

export interface Sizes {
  readonly text: TextSize
  /** Tokens of the long prompt and of the first turn of the long chat; what the model's context allows. */
  readonly prompt: number
  readonly chat: number
  readonly slots: number
}

const answerTokens = 128

/** Every row of the table in which llama-server's own vectors or loading do not take part. */
export const measures: readonly Measure[] = [
  {
    name: 'decode, one client, streaming',
    unit: 'tokens/s',
    measure: async (server, round, { text }) => {
      const prompt = story(text, `decode ${round}`)
      return perSecond(await server.complete({ prompt, tokens: answerTokens, stream: true }))
    },
    target: 'at least 0.95 at 135M; on the tiny model at most 100 us a token on top',
    isMet: (ours, theirs, isRandom) => (isRandom ? ours / theirs >= 0.95 : 1e6 / ours - 1e6 / theirs <= 100),
  },
  {
    name: 'prompt evaluation',
    unit: 'tokens/s',
    measure: async (server, round, { text, prompt }) => {
      const { promptTokens, end } = await server.complete({ prompt: text(`prompt ${round}`, prompt), tokens: 1 })
      return (promptTokens / end) * 1000
    },
    target: 'at least 0.97',
    isMet: (ours, theirs) => ours / theirs >= 0.97,
  },
  {
    name: 'time to first token, prompt of 20',
    unit: 'ms',
    measure: async (server, round, { text }) => {
      const { first } = await server.complete({ prompt: text(`first ${round}`, 20), tokens: 4, stream: true })
      return first
    },
    target: 'at most 5 ms more',
    isMet: (ours, theirs) => ours - theirs <= 5,
  },
  {
    name: 'second turn of a long chat',
    unit: 'ms',
    measure: async (server, round, { text, chat }) => {
      const question = `<|im_start|>user\n${text(`chat ${round}`, chat)}<|im_end|>\n<|im_start|>assistant\n`
      const { text: answer } = await server.complete({ prompt: question, tokens: 1 })
      const next = `${question}${answer}<|im_end|>\n<|im_start|>user\nAnd then?<|im_end|>\n<|im_start|>assistant\n`
      return (await server.complete({ prompt: next, tokens: 1 })).end
    },
    // Evaluating the whole chat again takes five times as long on the tiny model and forty times on the other.
    target: 'the new tokens alone: at most a quarter more',
    isMet: (ours, theirs) => ours / theirs <= 1.25,
  },
  {
    name: 'clients at once, one a slot',
    unit: 'tokens/s',
    measure: async (server, round, { text, slots }) => {
      const startedAt = performance.now()
      const answers = await Promise.all(
        Array.from({ length: slots }, (_, client) => {
          const prompt = story(text, `client ${client} of ${round}`)
          return server.complete({ prompt, tokens: answerTokens, stream: true })
        }),
      )
      const seconds = (performance.now() - startedAt) / 1000
      return answers.reduce((sum, { tokens }) => sum + tokens, 0) / seconds
    },
    target: 'at least 0.95',
    isMet: (ours, theirs) => ours / theirs >= 0.95,
  },
  {
    name: 'decode, constrained by a JSON schema',
    unit: 'tokens/s',
    measure: async (server, round, { text }) => {
      const prompt = story(text, `json ${round}`)
      return perSecond(await server.complete({ prompt, tokens: answerTokens, stream: true, schema: inventory }))
    },
    target: 'at least 0.85',
    isMet: (ours, theirs) => ours / theirs >= 0.85,
  },
  {
    name: 'cancel to silence',
    unit: 'ms',
    measure: cancelToSilence,
    target: 'under 50 ms',
    isMet: ours => ours < 50,
  },
]

export const embedding: Measure = {
  name: 'vectors of 256 short texts',
  unit: 'texts/s',
  measure: async (server, round, { text }) => {
    const texts = Array.from({ length: 256 }, (_, index) => text(`embed ${round}.${index}`, 6 + (index % 12)))
    return (texts.length / (await server.embed(texts))) * 1000
  },
  target: 'at least 0.95',
  isMet: (ours, theirs) => ours / theirs >= 0.95,
}

/** What a constrained answer must look like: names, numbers, a choice, in a list long enough to measure. */
const inventory = {
  type: 'object',
  properties: {
    items: {
      type: 'array',
      minItems: 8,
      items: {
        type: 'object',
        properties: {
          name: { type: 'string', minLength: 3, maxLength: 12 },
          count: { type: 'integer', minimum: 0, maximum: 999 },
          state: { enum: ['new', 'used', 'broken'] },
        },
        required: ['name', 'count', 'state'],
        additionalProperties: false,
      },
    },
  },
  required: ['items'],
  additionalProperties: false,
}

/** No answer to it ends within the tokens it may have. */
const endless = { type: 'array', items: { type: 'integer' }, minItems: 1000 }

const story = (text: TextSize, seed: string): string => text(seed, 24)

/** After the first token, as a reader of the stream sees them come. */
function perSecond({ tokens, first, end }: Completed): number {
  return ((tokens - 1) / (end - first)) * 1000
}

/**
 * An upper bound through the door: all slots are busy with answers that have no near end, one more request waits for a
 * slot. From the moment all of them are aborted to the waiting one's first token, less what that takes when nobody is
 * before it.
 */
async function cancelToSilence(server: Server, round: number, { text, slots }: Sizes): Promise<number> {
  const short = (which: string) => server.complete({ prompt: text(`${which} ${round}`, 8), tokens: 1, stream: true })
  const alone = (await short('alone')).first
  const abort = new AbortController()
  const answering = Array.from({ length: slots }, (_, slot) => {
    const prompt = story(text, `cancelled ${slot} of ${round}`)
    const ask = { prompt, tokens: 1500, stream: true, schema: endless, signal: abort.signal }
    let end: Promise<Completed> | undefined
    const begun = new Promise<void>((resolve, reject) => {
      end = server.complete({ ...ask, onPiece: resolve })
      end.catch(reject)
    })
    return { begun, end: end! }
  })
  const ends = Promise.allSettled(answering.map(({ end }) => end))
  await Promise.all(answering.map(({ begun }) => begun))
  const waiting = short('waiting')
  await setTimeout(30)
  const abortedAt = performance.now()
  abort.abort()
  await waiting
  const silence = performance.now() - abortedAt - alone
  if ((await ends).some(({ status }) => status === 'fulfilled'))
    throw new Error('an answer ended before it was aborted')
  return Math.max(0, silence)
}
