import { rm } from 'node:fs/promises'
import type { ModelWarning, ToolEngine, ToolHooks, WrittenFile } from '../engine/tool-engine.ts'
import type { Mutex } from '../mutex.ts'
import { Problem } from '../problem.ts'
import type { BlobWriter } from './blob-writer.ts'
import type { Blobs, StoredBlob } from './blobs.ts'
import type { CreateProgress } from './create-request.ts'
import type { GgufFiles } from './gguf/gguf-files.ts'
import { digestsOf, formatManifest, type Layer, type Manifest } from './manifest.ts'
import type { ManifestStore } from './manifest-store.ts'
import type { GgufFacts } from './model.ts'
import type { ModelName } from './model-name.ts'

/** A Go template that stands for a GGUF's own template, with the strings that end an answer in its format. */
export interface DetectedTemplate {
  readonly name: string
  readonly template: string
  readonly stop: readonly string[]
}

/** What creating a model needs of the library. */
export interface CreateTools {
  readonly blobs: Blobs
  readonly manifests: ManifestStore
  readonly files: GgufFiles
  readonly gate: Mutex
  readonly toolEngine: ToolEngine
  readonly detectTemplate: (facts: GgufFacts) => Promise<DetectedTemplate | undefined>
  readonly onStatus: (progress: CreateProgress) => void
  readonly signal: AbortSignal | undefined
  /** Removes those of the blobs that no manifest mentions. */
  readonly removeUnreferenced: (digests: readonly string[]) => Promise<void>
}

const warnings: Readonly<Record<ModelWarning, string>> = {
  'unknown-cut': 'the tokenizer cuts text in a way that is unknown here: the model may understand and write worse',
  'text-alone': 'what the model sees with is left out: it takes text alone',
  'unknown-stretch':
    'how the model reads texts longer than those it was trained on is unknown here: it may fail at them',
}

/** Stands for "no digest" in the progress of work on a file (upstream server/create.go). */
const noDigest = '0000000000000000000'

/** A layer and what is said of it when the manifest is written. */
export interface MadeLayer {
  readonly layer: Layer
  readonly status: string
}

/**
 * One model in the making. The blobs it is going to refer to are held until `release`; `abandon` removes those it
 * brought into being itself.
 */
export class Creation {
  readonly #held: string[] = []
  readonly #written: string[] = []

  constructor(readonly tools: CreateTools) {}

  status(status: string, numbers: Omit<CreateProgress, 'status'> = {}): void {
    this.tools.signal?.throwIfAborted()
    this.tools.onStatus({ status, ...numbers })
  }

  warn(warning: ModelWarning): void {
    this.status(`warning: ${warnings[warning]}`, { warning })
  }

  /** @throws Problem 500 `open …: no such file or directory` */
  async hold(digests: readonly string[]): Promise<void> {
    await this.tools.blobs.hold(digests)
    this.#held.push(...digests)
  }

  async writeText(text: string): Promise<StoredBlob> {
    this.tools.signal?.throwIfAborted()
    return this.#own(await this.tools.blobs.writeText(text))
  }

  async textLayer(text: string, mediaType: string): Promise<MadeLayer> {
    const blob = await this.writeText(text)
    return { layer: { mediaType, digest: blob.digest, size: blob.size }, status: statusOf(blob) }
  }

  /** Stores what `fill` writes, or nothing at all. */
  async writeBlob(fill: (writer: BlobWriter) => Promise<void>): Promise<StoredBlob> {
    const writer = await this.tools.blobs.open()
    try {
      await fill(writer)
      return await this.#own(await this.tools.blobs.keep(writer))
    } catch (error) {
      await writer.discard()
      throw error
    }
  }

  /** Tells how far the work on a file is, in bytes. */
  progress(status: string, completed: number, total: number): void {
    this.status(status, { digest: noDigest, total, completed })
  }

  /**
   * Stores what the tool engine writes, or nothing at all.
   * @param status what is told while it works
   */
  async writeFile<File extends WrittenFile>(
    status: string,
    work: (output: string, hooks: ToolHooks) => Promise<File>,
  ): Promise<StoredBlob & Omit<File, keyof WrittenFile>> {
    const { blobs, signal } = this.tools
    const output = await blobs.temporaryPath()
    const { digest, size, ...further } = await work(output, {
      signal,
      onProgress: (done, all) => this.progress(status, done, all),
    })
    try {
      return { ...further, ...(await this.#own(await blobs.store(output, { digest, size }))) }
    } catch (error) {
      await rm(output, { force: true })
      throw error
    }
  }

  /**
   * Writes the manifest. Should another program have removed one of its blobs just then, the manifest that was there
   * before comes back.
   */
  async commit(name: ModelName, manifest: Manifest): Promise<void> {
    const { blobs, gate, manifests, signal } = this.tools
    const digests = digestsOf(manifest)
    await this.hold(digests)
    await gate.run(async () => {
      signal?.throwIfAborted()
      const previous = await manifests.bytes(name)
      await manifests.write(name, Buffer.from(formatManifest(manifest)))
      for (const digest of digests) {
        if (await blobs.has(digest)) continue
        if (previous) await manifests.write(name, previous)
        else await manifests.remove(name)
        throw new Problem('not-found', 500, `open ${blobs.path(digest)}: no such file or directory`)
      }
      blobs.forgetPromises(digests)
    })
    await this.#removeAllBut(digests)
  }

  abandon(): Promise<void> {
    return this.#removeAllBut([])
  }

  release(): void {
    this.tools.blobs.release(this.#held.splice(0))
  }

  /** What was only a step on the way, merged shards that were quantised, goes with the rest. */
  async #removeAllBut(digests: readonly string[]): Promise<void> {
    this.release()
    const left = this.#written.filter(digest => !digests.includes(digest))
    this.tools.blobs.forgetPromises(left)
    await this.tools.removeUnreferenced(left)
  }

  async #own(blob: StoredBlob): Promise<StoredBlob> {
    if (!blob.existed) this.#written.push(blob.digest)
    await this.hold([blob.digest])
    return blob
  }
}

export function statusOf(blob: StoredBlob): string {
  return `${blob.existed ? 'using existing' : 'creating new'} layer ${blob.digest}`
}
