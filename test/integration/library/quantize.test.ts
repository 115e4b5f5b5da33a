import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SpawnEngineProcess } from '../../../main/engine/engine.ts'
import { createToolEngine } from '../../../main/engine/tool/start-tool.ts'
import { readHeader } from '../../../main/gguf/header.ts'
import { natural } from '../../../main/gguf/metadata.ts'
import type { CreateProgress, CreateRequest } from '../../../main/library/create-request.ts'
import { Library } from '../../../main/library/library.ts'
import { buildGguf } from '../../unit/gguf/build-gguf.ts'
import { answer, ask, chatModel, chatPrompt, startEngine } from '../engine/engine.ts'
import { spawnTool, startHearth, type TestHearth } from '../hearth.ts'
import { alive } from '../processes.ts'
import { canMount, SmallDisk } from '../small-disk.ts'
import { blobNames, chunks, fixture, fixtures, sha256, snapshot } from './ollama-folder.ts'

const f16 = fixture('tiny-chat-f16.gguf')
const files = { 'm.gguf': `sha256:${sha256(f16)}` }

let hearth: TestHearth
let library: Library
beforeAll(async () => {
  hearth = await startHearth()
  library = hearth.hearth.library
  await library.blobs.write(chunks(f16))
})
afterAll(() => hearth.end())

async function create(request: CreateRequest, signal?: AbortSignal): Promise<CreateProgress[]> {
  const told: CreateProgress[] = []
  await library.create(request, progress => told.push(progress), signal)
  return told
}

const q80 = `sha256:${sha256(fixture('tiny-chat-q8_0.gguf'))}`

const questions = (
  JSON.parse(readFileSync(join(fixtures, 'known-good.json'), 'utf8')) as {
    path: string
    body: { messages?: { role: string; content: string }[]; tools?: unknown; response_format?: unknown }
    answer: string
  }[]
)
  .filter(({ path, body }) => path === '/v1/chat/completions' && !body.tools && !body.response_format)
  .filter(({ body }) => body.messages?.length === 1 && body.messages[0]!.content.length < 60)
  .slice(0, 20)

describe('quantising', () => {
  it('makes of the F16 fixture the Q8_0 one, byte for byte, and says what upstream says', async () => {
    const told = await create({ model: 'q8', files, quantize: 'q8_0' })
    const { modelPath, config } = await library.get('q8')
    expect(modelPath).toBe(library.blobs.path(q80))
    expect(config).toMatchObject({ model_family: 'llama', model_type: '2.73M', file_type: 'Q8_0' })

    const numbers = { digest: '0000000000000000000', total: f16.length }
    const quantizing = told.filter(({ status }) => status === 'quantizing F16 model to Q8_0')
    expect(quantizing[0]).toEqual({ status: 'quantizing F16 model to Q8_0', ...numbers, completed: 0 })
    expect(quantizing.at(-1)).toMatchObject({ ...numbers, completed: f16.length })
    const done = quantizing.map(({ completed }) => completed!)
    expect(done).toEqual([...done].sort((a, b) => a - b))
    expect([...new Set(told.map(({ status }) => status))]).toEqual([
      'parsing GGUF',
      'quantizing F16 model to Q8_0',
      'verifying conversion',
      // The demo model is the same file.
      `using existing layer ${q80}`,
      'writing manifest',
      'success',
    ])
  })

  it('works on a model that is here already, and leaves that one as it was', async () => {
    await create({ model: 'base', files, system: 'Be brief.' })
    const before = await library.get('base')
    await create({ model: 'small', from: 'base', quantize: 'Q4_K' })
    const model = await library.get('small')
    expect(model).toMatchObject({ system: 'Be brief.', config: { file_type: 'Q4_K_M', model_type: '2.73M' } })
    expect(natural(await readHeader(model.modelPath!), 'general.file_type')).toBe(15)
    expect(await library.get('base')).toEqual(before)

    // Its rows are no multiple of 256, so most of them become Q5_0 and Q8_0: it must still know what it learnt.
    const engine = await startEngine({ ...chatModel, modelPath: model.modelPath! })
    try {
      let right = 0
      for (const { body, answer: known } of questions) {
        const { text } = await answer(engine, ask(chatPrompt(body.messages![0]!.content)))
        if (text.trim() === known.trim()) right++
      }
      expect(questions).toHaveLength(20)
      expect(right).toBeGreaterThanOrEqual(18)
    } finally {
      await engine.dispose()
    }
  })

  // One of each family llama.cpp has: a wrong number in the table of types would show as another type.
  it.each(['F32', 'BF16', 'Q2_K', 'Q3_K_M', 'Q5_K', 'Q6_K', 'IQ4_XS', 'TQ1_0', 'MXFP4_MOE'])('to %s', async type => {
    await create({ model: 't', files, quantize: type })
    const { modelPath, config } = await library.get('t')
    const header = await readHeader(modelPath!)
    expect(header.tensors).toHaveLength((await readHeader(join(fixtures, 'tiny-chat-f16.gguf'))).tensors.length)
    expect(config.file_type).toBe({ F32: 'unknown', Q5_K: 'Q5_K_M' }[type] ?? type)
  })

  it('takes an F32 model for what it is, though its file type reads as none', async () => {
    await create({ model: 'f32', files, quantize: 'f32' })
    const told = await create({ model: 'again', from: 'f32', quantize: 'q8_0' })
    expect(told.map(({ status }) => status)).toContain('quantizing F32 model to Q8_0')
    expect((await library.get('again')).modelPath).toBe(library.blobs.path(q80))
  })

  it('quantises a draft model, too', async () => {
    await create({ model: 'd', files, draftFiles: files, draftQuantize: 'q8_0' })
    const { draftPath, config } = await library.get('d')
    expect(natural(await readHeader(draftPath!), 'general.file_type')).toBe(7)
    expect(config.file_type).toBe('F16')
  })

  it('keeps an encoder inside the file as precise as it was', async () => {
    const matrix = (name: string, offset: number) => ({ name, shape: [32, 32], type: 1, offset })
    const bytes = buildGguf({
      fields: [
        ['general.architecture', 8, 'clip'],
        ['general.file_type', 4, 1],
        ['clip.block_count', 4, 1],
      ],
      tensors: [matrix('v.blk.0.attn_q.weight', 0), matrix('other.weight', 2048)],
      data: Buffer.alloc(4096),
    })
    await library.blobs.write(chunks(bytes))
    await create({ model: 'v', files: { 'v.gguf': `sha256:${sha256(bytes)}` }, quantize: 'q8_0' })
    const { tensors } = await readHeader((await library.get('v')).modelPath!)
    expect(tensors.map(({ name, type }) => [name, type])).toEqual([
      ['other.weight', 8],
      ['v.blk.0.attn_q.weight', 1],
    ])
  })
})

describe('a quantisation that does not come to its end', () => {
  const quantize = (with_: Library, signal?: AbortSignal, told = (_: CreateProgress) => {}) =>
    with_.create({ model: 'never', files, quantize: 'Q4_0' }, told, signal)
  const withTool = (spawn: SpawnEngineProcess, patience?: number) =>
    new Library({ modelsFolder: hearth.models, toolEngine: createToolEngine(spawn, patience) })
  /** A tool process to which something is done as soon as it has its job. */
  const mistreated = (signal: NodeJS.Signals): SpawnEngineProcess => {
    return () => {
      const tool = spawnTool()
      return {
        ...tool,
        send: message => {
          tool.send(message)
          process.kill(tool.pid!, signal)
        },
      }
    }
  }

  it.each<[string, () => Promise<void>, object]>([
    [
      'cancelled',
      () => {
        const cancel = new AbortController()
        return quantize(library, cancel.signal, ({ completed }) => {
          if (completed) cancel.abort()
        })
      },
      { name: 'AbortError' },
    ],
    [
      'killed for want of memory',
      () => quantize(withTool(mistreated('SIGKILL'))),
      { code: 'out-of-memory', message: expect.stringMatching(/^llama-quantize failed: the system ended it/) },
    ],
    [
      'crashed',
      () => quantize(withTool(mistreated('SIGSEGV'))),
      { code: 'engine-crashed', message: 'llama-quantize failed: it stopped unexpectedly (signal SIGSEGV)' },
    ],
    [
      'hanging',
      () => quantize(withTool(mistreated('SIGSTOP'), 1000)),
      { message: 'llama-quantize failed: no sign of life for 1 seconds' },
    ],
    [
      'of what llama.cpp does not know',
      async () => {
        const odd = join(hearth.models, 'odd.gguf')
        writeFileSync(
          odd,
          buildGguf({ fields: [['general.architecture', 8, 'nonsense']], tensors: [], data: Buffer.alloc(0) }),
        )
        const job = { source: odd, output: `${odd}.out`, fileType: 'Q8_0' }
        await createToolEngine(spawnTool)
          .quantize(job)
          .finally(() => rm(odd))
      },
      {
        code: 'unsupported-architecture',
        message: "llama-quantize failed: unknown model architecture: 'nonsense'",
      },
    ],
    [
      'that needs what there is no field for',
      () => library.create({ model: 'never', files, quantize: 'IQ1_S' }),
      { message: 'llama-quantize failed: this quantization requires an imatrix!' },
    ],
  ])('says why and leaves nothing: %s', async (_, work, error) => {
    const before = snapshot(hearth.models)
    await expect(work()).rejects.toMatchObject(error)
    expect(snapshot(hearth.models)).toEqual(before)
  })

  it('ends with a main that was killed, and can be done by the next', async () => {
    const child = join(hearth.home, 'main.mts')
    const project = new URL('../../..', import.meta.url).pathname
    const job = {
      source: join(project, fixtures, 'tiny-chat-f16.gguf'),
      output: join(hearth.home, 'o.gguf'),
      fileType: 'Q8_0',
    }
    writeFileSync(
      child,
      `import { forkTool } from '${project}main/engine/fork.ts'
import { createToolEngine } from '${project}main/engine/tool/start-tool.ts'
const spawn = () => {
  const tool = forkTool('${project}out/main/tool-process.js')()
  process.stdout.write(String(tool.pid))
  return tool
}
await createToolEngine(spawn).quantize(${JSON.stringify(job)}, { onProgress: () => process.kill(process.pid, 'SIGKILL') })`,
    )
    const main = spawn(process.execPath, ['--import', 'tsx', child], {
      cwd: project,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [[pid]] = await Promise.all([once(main.stdout, 'data'), once(main, 'exit')])
    await expect.poll(() => alive(Number(pid))).toBe(false)
    await createToolEngine(spawnTool).quantize(job)
    expect(`sha256:${sha256(readFileSync(job.output))}`).toBe(q80)
  })

  // llama.cpp itself overlooks some failed writes: then a file of zeros would have become the model.
  it.runIf(canMount)('finds a full disk wherever it gets full, and goes on when there is room', async () => {
    const disk = new SmallDisk(12)
    try {
      const small = new Library({ modelsFolder: disk.path, toolEngine: createToolEngine(spawnTool) })
      await small.blobs.write(chunks(f16))
      const before = blobNames(disk.path)
      const full = { code: 'disk-full', message: 'no space left on device' }
      const attempt = (told?: () => void) => small.create({ model: 'm', files, quantize: 'Q8_0' }, told)
      // Too little for the tensors, which is known beforehand; enough for them, but not for the header as well.
      for (const room of [100_000, 2_800_000, 2_912_000]) {
        disk.leave(room)
        await expect(attempt()).rejects.toMatchObject(full)
        expect(blobNames(disk.path)).toEqual(before)
      }
      disk.free()
      await expect(attempt(() => disk.fill())).rejects.toMatchObject(full)
      expect(blobNames(disk.path)).toEqual(before)
      disk.free()
      await attempt()
      expect((await small.get('m')).config.file_type).toBe('Q8_0')
    } finally {
      disk.unmount()
    }
  })
})
