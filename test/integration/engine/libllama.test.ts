import { beforeAll, describe, expect, it } from 'vitest'
import { AbortFlag, abortFlagBytes } from '../../../main/engine/libllama/abort-flag.ts'
import { Context } from '../../../main/engine/libllama/context.ts'
import { type Libraries, librariesFolder, loadLibraries } from '../../../main/engine/libllama/libraries.ts'
import { openContext, openModel } from '../../../main/engine/libllama/model.ts'
import { compileGrammar, Sampler, type SamplerStep } from '../../../main/engine/libllama/sampler.ts'
import { Vocabulary } from '../../../main/engine/libllama/vocabulary.ts'
import { samplerSteps } from '../../../main/engine/runner/sampling.ts'
import { chatModel, chatPrompt } from './engine.ts'

describe("llama.cpp's C interface", () => {
  let libraries: Libraries
  let vocabulary: Vocabulary
  let context: Context
  let prompt: Int32Array
  beforeAll(async () => {
    libraries = loadLibraries(await librariesFolder(false), () => {})
    const { modelPath } = chatModel
    const model = await openModel(libraries, { modelPath, gpuLayers: 0, useMmap: undefined, onProgress: () => {} })
    vocabulary = new Vocabulary(libraries.llama, model)
    const sizes = { contextSize: 1024, batchSize: 512, sequences: 2, threads: 2, kvCacheType: 1 }
    const more = { flashAttention: undefined, embeddings: false, adapterPaths: [] }
    const pointer = await openContext(libraries, model, { ...sizes, ...more })
    context = new Context(libraries, pointer, vocabulary.size)
    prompt = await vocabulary.tokenize(chatPrompt('What is the capital of France?'), true)
  })

  const evaluate = () => {
    context.clearAll()
    context.decode([{ tokens: prompt, from: 0, sequence: 0, outputs: 'last' }])
    return prompt.length - 1
  }

  // An engine on a busy machine, as one that runs tests, chooses one thread and makes no pool.
  it('computes the same with any number of threads, changed between batches as other programs come and go', () => {
    const logits = [1, 2, 3, 2, 1].map(threads => {
      context.clearAll()
      context.setThreads(threads)
      context.decode([{ tokens: prompt.subarray(0, 3), from: 0, sequence: 0, outputs: 'last' }])
      return context.logits(2)
    })
    for (const other of logits) expect(other).toEqual(logits[0])
  })

  it('tells results of several sequences in one batch apart by their place', () => {
    const alone = context.logits(evaluate())
    context.clearAll()
    const other = prompt.subarray(0, 5)
    context.decode([
      { tokens: other, from: 0, sequence: 1, outputs: 'none' },
      { tokens: prompt, from: 0, sequence: 0, outputs: 'last' },
    ])
    const together = context.logits(other.length + prompt.length - 1)
    expect(together.indexOf(Math.max(...together))).toBe(alone.indexOf(Math.max(...alone)))
  })

  it('gives up a batch when its flag is raised, and computes it whole afterwards', () => {
    const whole = context.logits(evaluate())
    const flag = new AbortFlag(new SharedArrayBuffer(abortFlagBytes))
    flag.attach(libraries.llama, context.pointer)
    const begin = prompt.subarray(0, 4)
    const rest = { tokens: prompt.subarray(4), from: 4, sequence: 0, outputs: 'last' as const }
    context.clearAll()
    expect(context.decode([{ tokens: begin, from: 0, sequence: 0, outputs: 'none' }])).toBe(true)
    flag.raise()
    expect(context.decode([rest])).toBe(false)
    flag.lower()
    context.remove(0, begin.length, -1)
    expect(context.decode([rest])).toBe(true)
    const logits = context.logits(rest.tokens.length - 1)
    expect(logits.indexOf(Math.max(...logits))).toBe(whole.indexOf(Math.max(...whole)))
  })

  describe('of samplers', () => {
    const sampler = (steps: SamplerStep[], grammar?: bigint) =>
      new Sampler(libraries.llama, context, vocabulary, steps, [], grammar)
    const text = (token: number | undefined) => (token === undefined ? undefined : vocabulary.text([token], true))

    it('takes the likeliest token, and with a grammar the likeliest that it allows', async () => {
      const at = evaluate()
      expect(text(sampler([{ step: 'greedy' }]).draw(at))).toBe('The')
      const grammar = await compileGrammar(libraries.llama, vocabulary, 'root ::= [0-9] [0-9]')
      expect(text(sampler([{ step: 'greedy' }], grammar).draw(at))).toMatch(/^[0-9]+$/)
    })

    it('never draws what a step took away: each step has an effect of its own', () => {
      const at = evaluate()
      const drawn = (step: SamplerStep, temperature = 3) => {
        const tokens = new Set<number | undefined>()
        for (let seed = 0; seed < 30; seed++) {
          const one = sampler([step, { step: 'temperature', temperature }, { step: 'draw', seed }])
          tokens.add(one.draw(at))
          one.dispose()
        }
        return tokens.size
      }
      expect(drawn({ step: 'top-k', k: 1000 })).toBeGreaterThan(8)
      expect(drawn({ step: 'top-k', k: 2 })).toBeLessThanOrEqual(2)
      expect(drawn({ step: 'top-p', p: 0.01 })).toBe(1)
      expect(drawn({ step: 'typical', p: 0.01 })).toBe(1)
      expect(drawn({ step: 'min-p', p: 0.99 })).toBe(1)
    })

    it('penalises tokens of the history', () => {
      const at = evaluate()
      const steps: SamplerStep[] = [
        { step: 'penalties', last: 10, repeat: 1, frequency: 0, presence: 1000 },
        { step: 'greedy' },
      ]
      const first = sampler([{ step: 'greedy' }]).draw(at)!
      expect(new Sampler(libraries.llama, context, vocabulary, steps, [first]).draw(at)).not.toBe(first)
    })

    it('draws the same when only those tokens are penalised that may still be drawn', () => {
      const options = { temperature: 1.5, topK: 40, topP: 0.99, minP: 0, typicalP: 1, repeatLastN: 64 }
      const at = evaluate()
      const drawn = (seed: number, isSpared: boolean) => {
        const penalties = { repeatPenalty: 1.3, presencePenalty: 0.2, frequencyPenalty: 0.4 }
        const steps = samplerSteps({ ...options, ...penalties, seed }, 1024)
        expect(steps.map(({ step }) => step).slice(0, 2)).toEqual(['top-k', 'penalties'])
        const one = sampler(isSpared ? steps : steps.slice(1))
        const tokens = Array.from({ length: 80 }, () => one.draw(at))
        one.dispose()
        return tokens
      }
      for (const seed of [1, 2, 3]) expect(drawn(seed, true)).toEqual(drawn(seed, false))
    })

    it('says when a grammar leaves nothing, and whether the answer may end there', async () => {
      const grammar = await compileGrammar(libraries.llama, vocabulary, 'root ::= "T" "h" "e"')
      const at = evaluate()
      const one = sampler([{ step: 'greedy' }], grammar)
      expect(one.mayEnd).toBe(false)
      expect(text(one.draw(at))).toBe('The')
      expect(one.mayEnd).toBe(true)
      one.dispose()
    })

    it('takes no text at all for no grammar, though llama.cpp takes it for one that allows everything', async () => {
      for (const empty of ['', ' \n']) {
        expect(await compileGrammar(libraries.llama, vocabulary, empty)).toBeUndefined()
      }
    })
  })

  describe('of vocabularies', () => {
    it.each(['', 'a', '  two  spaces ', 'naïve 中文 🦔\u0000\n', '\ud800 half a character', 'x'.repeat(10_000)])(
      'gives back the text it cut into tokens: %j',
      async text => {
        const tokens = await vocabulary.tokenize(text, false)
        expect(vocabulary.text([...tokens], true)).toBe(Buffer.from(text).toString())
      },
    )

    it('takes the same tokens for a long text in a thread as for a short one at once', async () => {
      const line = 'The quick brown fox.\n'
      const [short, long] = [await vocabulary.tokenize(line, false), await vocabulary.tokenize(line.repeat(400), false)]
      expect([...long]).toEqual(Array.from({ length: 400 }, () => [...short]).flat())
    })

    it('knows a special token by its text alone', () => {
      expect(vocabulary.specialToken('<|im_end|>')).toBe(vocabulary.eos)
      for (const other of ['The', '<|im_end|> ', '', 'y'.repeat(1000)])
        expect(vocabulary.specialToken(other)).toBeUndefined()
      expect(vocabulary.isHidden(vocabulary.eos!)).toBe(true)
      expect(vocabulary.isEnd(vocabulary.eos!)).toBe(true)
    })
  })
})
