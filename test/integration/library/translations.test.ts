import { once } from 'node:events'
import { mkdirSync, readdirSync, truncateSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createToolEngine } from '../../../main/engine/tool/start-tool.ts'
import type { ToolEngine } from '../../../main/engine/tool-engine.ts'
import { readHeader } from '../../../main/gguf/header.ts'
import { Library } from '../../../main/library/library.ts'
import { storageOf } from '../../../main/library/storage.ts'
import { buildGguf } from '../../unit/gguf/build-gguf.ts'
import { spawnTool } from '../hearth.ts'
import { canMount, SmallDisk } from '../small-disk.ts'
import { eachInTemporaryFolder, putModel } from './ollama-folder.ts'

const folder = eachInTemporaryFolder()
const toolEngine = createToolEngine(spawnTool)

const mebibytes = 2 ** 20
/** An OLMo 3 of so many bytes of zeros, as Ollama's own engine has it. */
function olmo(bytes: number): Buffer {
  return buildGguf({
    fields: [
      ['general.architecture', 8, 'olmo3'],
      ['olmo3.block_count', 4, 1],
    ],
    tensors: [{ name: 'token_embd.weight', shape: [1024, bytes / 4096], type: 0, offset: 0 }],
    data: Buffer.alloc(bytes),
  })
}

async function withModel(
  root: string,
  weights: Buffer,
  { elsewhere, tool = toolEngine }: { elsewhere?: string; tool?: ToolEngine } = {},
) {
  putModel(root, { path: 'registry.ollama.ai/library/own/latest', layers: [['model', weights]] })
  const library = new Library({
    modelsFolder: root,
    toolEngine: tool,
    ...(elsewhere !== undefined && { translationsElsewhere: elsewhere }),
  })
  const { modelPath } = await library.get('own')
  return { library, modelPath: modelPath! }
}

const translations = (root: string) => readdirSync(join(root, 'translated'))

describe('a model made for Ollama’s own engine', () => {
  it('has its second form counted where storage is shown, and removed with it', async () => {
    const { library, modelPath } = await withModel(folder.path, olmo(mebibytes))
    const before = await storageOf(library)
    const { modelPath: readable } = await library.readable({ modelPath }, { sees: true })
    expect((await readHeader(readable)).entries.get('general.architecture')?.value).toBe('olmo2')
    const after = await storageOf(library)
    expect(after.total - before.total).toBeGreaterThan(mebibytes)
    expect(after.freed['own:latest']! - before.freed['own:latest']!).toBe(after.total - before.total)
    await library.remove('own')
    expect(translations(folder.path)).toEqual([])
  })

  // A cancelled load must not leave gigabytes, nor half a file that the next load would take for a whole one.
  it('leaves nothing when nobody waits for it any more, and is translated the next time', async () => {
    const { library, modelPath } = await withModel(folder.path, olmo(64 * mebibytes))
    const abort = new AbortController()
    const onProgress = () => abort.abort(new Error('nobody waits'))
    const given = library.readable({ modelPath }, { sees: true, signal: abort.signal, onProgress })
    await expect(given).rejects.toThrow('nobody waits')
    expect(translations(folder.path)).toEqual([])
    const told: number[] = []
    await library.readable({ modelPath }, { sees: true, onProgress: (done, total) => told.push(done / total) })
    expect(told.at(-1)).toBe(1)
    expect(translations(folder.path)).toHaveLength(1)
  })

  // A chat and embeddings load it at once: it took twice the space, and on Windows the second one failed.
  it('is translated once for two loads at once, and for the other when one is given up', async () => {
    putModel(folder.path, { path: 'registry.ollama.ai/library/own/latest', layers: [['model', olmo(16 * mebibytes)]] })
    let made = 0
    const abort = new AbortController()
    const counting = {
      ...toolEngine,
      translate: async (...job: Parameters<typeof toolEngine.translate>) => {
        made += 1
        // However quick the machine: the first one is given up before it is done.
        if (made === 1) await once(abort.signal, 'abort')
        return toolEngine.translate(...job)
      },
    }
    const library = new Library({ modelsFolder: folder.path, toolEngine: counting })
    const modelPath = (await library.get('own')).modelPath!
    const given = library.readable({ modelPath }, { sees: true, signal: abort.signal })
    const waiting = new AbortController()
    const left = library.readable({ modelPath }, { sees: false, signal: waiting.signal })
    const onProgress = () => {
      waiting.abort(new Error('gone'))
      abort.abort(new Error('gone'))
    }
    const begun = expect(
      Promise.all([given, left].map(load => expect(load).rejects.toThrow('gone'))),
    ).resolves.toBeDefined()
    await expect.poll(() => made).toBe(1)
    const others = [true, false].map(sees => library.readable({ modelPath }, { sees }))
    onProgress()
    await begun
    const [one, other] = await Promise.all(others)
    expect(one).toEqual(other)
    expect(made).toBe(2)
    expect(translations(folder.path)).toHaveLength(1)
  })

  it('is not there any more when it is deleted while it is translated', async () => {
    const deleting = {
      ...toolEngine,
      translate: async (...job: Parameters<typeof toolEngine.translate>) => {
        const translated = await toolEngine.translate(...job)
        // However quick the machine: its file is gone before the second form has its name.
        await library.remove('own')
        return translated
      },
    }
    const { library, modelPath } = await withModel(folder.path, olmo(mebibytes), { tool: deleting })
    await expect(library.readable({ modelPath }, { sees: true })).rejects.toMatchObject({ code: 'model-not-found' })
    expect(translations(folder.path)).toEqual([])
  })

  it('is translated anew after Hearth learned better, and what a crash left goes', async () => {
    const { library, modelPath } = await withModel(folder.path, olmo(mebibytes))
    await library.readable({ modelPath }, { sees: true })
    const [now] = translations(folder.path)
    const old = now!.replace(/\d+\.gguf$/, '0.gguf')
    const orphan = now!.replace(/[0-9a-f]{8}-model/, '00000000-model')
    const notes = 'my-notes.txt'
    for (const name of [old, orphan, notes]) writeFileSync(join(folder.path, 'translated', name), 'x')
    await library.prune()
    expect(translations(folder.path).sort()).toEqual([now, notes].sort())
  })

  it.runIf(canMount)(
    'says that the disk is full before it writes, and lies elsewhere where nothing can be written',
    async () => {
      const disk = new SmallDisk(4)
      const elsewhere = await mkdtemp(join(tmpdir(), 'translated-'))
      try {
        const { library, modelPath } = await withModel(disk.path, olmo(2 * mebibytes), { elsewhere })
        disk.leave(mebibytes)
        await expect(library.readable({ modelPath }, { sees: true })).rejects.toMatchObject({ code: 'disk-full' })
        expect(translations(disk.path)).toEqual([])
        disk.free()
        await rm(join(disk.path, 'translated'), { recursive: true })
        disk.readOnly(true)
        const readable = await library.readable({ modelPath }, { sees: true })
        expect(readable.modelPath.startsWith(elsewhere)).toBe(true)
        // And is found there.
        expect(await library.readable({ modelPath }, { sees: true })).toEqual(readable)
        disk.readOnly(false)
      } finally {
        disk.unmount()
        await rm(elsewhere, { recursive: true })
      }
    },
  )

  it('says what is wrong with a file that ends before its tensors do', async () => {
    const { library, modelPath } = await withModel(folder.path, olmo(mebibytes))
    truncateSync(modelPath, mebibytes / 2)
    await expect(library.readable({ modelPath }, { sees: true })).rejects.toMatchObject({ code: 'broken-model-file' })
    mkdirSync(join(folder.path, 'translated'), { recursive: true })
    expect(translations(folder.path)).toEqual([])
  })
})
