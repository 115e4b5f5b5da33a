import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { z } from 'zod'
import { writeAtomically } from '../files/atomic-file.ts'
import { ifThere } from '../files/errno.ts'
import { Problem } from '../problem.ts'
import type { Library } from './library.ts'
import type { Model } from './model.ts'
import { parseModelName, sameModel } from './model-name.ts'

export const demoModel = 'hearth-demo'

/** @param name as a chat has it, short or whole */
export function isDemoModel(name: string): boolean {
  const [asked, demo] = [parseModelName(name), parseModelName(demoModel)]
  return asked !== undefined && demo !== undefined && sameModel(asked, demo)
}

/** Name of the weights inside the manifest: what tells Hearth's own demo from a model a person named alike. */
const demoFile = 'hearth-demo.gguf'

const demoLicense = `MIT License

Copyright (c) 2026 The Hearth authors

The demo model, its data and its tokenizer were made for Hearth and are free to use, copy, change and pass on under
the terms of the MIT License: https://opensource.org/license/mit
`

/** Greedy, because so small a model is right only with its first choice; capped, because its stories can go in circles. */
const demoParameters = { num_predict: 512, temperature: 0 }

/** What was installed where, so that a start costs a few looks at files and no reading of the model. */
const recordSchema = z.record(
  z.string(),
  z.object({
    /** State of the shipped file: size and time of change. */
    shipped: z.string(),
    /** State of the manifest that was written for it. */
    manifest: z.string(),
    /** Digest of the weights. */
    weights: z.string(),
  }),
)

type DemoRecord = z.output<typeof recordSchema>

export type DemoOutcome =
  /** It was there, and is the one this Hearth ships. */
  | 'present'
  | 'installed'
  /** An earlier Hearth's demo, or a damaged one, made room for this one's. */
  | 'replaced'
  /** The person deleted it. */
  | 'deleted'
  /** The person has a model of their own under this name. */
  | 'other-model'

/**
 * Makes the demo model present, at every start. A demo that Hearth installed in this folder and that is gone was
 * deleted by the person, with whatever program, and stays deleted; a model of the person's own under its name is left
 * alone. The memory of that lies in Hearth's home, the models folder holds nothing Ollama would not know.
 * @param ggufPath the file Hearth ships
 * @param home Hearth's own folder; made when it is missing
 * @throws Problem `disk-full`, or the file system's error when the shipped file is missing
 */
export async function installDemoModel(library: Library, ggufPath: string, home: string): Promise<DemoOutcome> {
  const { size, mtimeMs } = await stat(ggufPath)
  const shipped = `${size}:${mtimeMs}`
  const record = await readRecord(home)
  const known = record[library.folder.root]
  const manifest = await library.stamp(parseModelName(demoModel)!)
  const unchanged = known && manifest === known.manifest && shipped === known.shipped
  if (unchanged && (await library.blobs.has(known.weights))) return 'present'

  let current: Model | undefined
  if (await library.exists(demoModel)) {
    current = await readable(library)
    if (current && current.parentModel !== demoFile) return 'other-model'
  } else if (known && (await ifThere(stat(library.folder.manifests)))) {
    // Without its manifests folder, the models folder was emptied or swapped as a whole: a fresh one.
    return 'deleted'
  }
  const { weights, changed } = await install(library, ggufPath, current)
  const written = await library.stamp(parseModelName(demoModel)!)
  if (written !== undefined) {
    await writeRecord(home, { ...record, [library.folder.root]: { shipped, manifest: written, weights } })
  }
  if (!changed) return 'present'
  return manifest === undefined ? 'installed' : 'replaced'
}

/** What was installed in a models folder is known of the folder it is moved to: one that was deleted stays deleted. */
export async function carryDemoRecord(home: string, from: string, to: string): Promise<void> {
  const record = await readRecord(home)
  const known = record[from]
  if (known) await writeRecord(home, { ...record, [to]: known })
}

/** One that was deleted in the folder in use stays deleted in another that is taken in its place. */
export async function carryDeletedDemo(library: Library, home: string, to: string): Promise<void> {
  const record = await readRecord(home)
  const known = record[library.folder.root]
  if (!known || record[to] || library.folder.isAway || (await library.exists(demoModel))) return
  await writeRecord(home, { ...record, [to]: known })
}

/** The model as it is; undefined when its manifest is broken, which installing mends. */
async function readable(library: Library): Promise<Model | undefined> {
  try {
    return await library.get(demoModel)
  } catch (error) {
    if (error instanceof Problem && ['broken-model-file', 'model-not-found'].includes(error.code)) return undefined
    throw error
  }
}

/** Stores the weights and writes the manifest, unless `current` is that very model. */
async function install(
  library: Library,
  ggufPath: string,
  current: Model | undefined,
): Promise<{ weights: string; changed: boolean }> {
  const { digest, existed } = await library.blobs.write(createReadStream(ggufPath))
  if (existed && current && isShipped(current, digest)) {
    library.blobs.forgetPromises([digest])
    return { weights: digest, changed: false }
  }
  await library.create({
    model: demoModel,
    files: { [demoFile]: digest },
    license: demoLicense,
    parameters: demoParameters,
  })
  return { weights: digest, changed: true }
}

function isShipped(model: Model, weights: string): boolean {
  const texts = JSON.stringify([model.parameters, model.licenses, model.system])
  return (
    model.modelPath !== undefined &&
    basename(model.modelPath) === weights.replace(':', '-') &&
    texts === JSON.stringify([demoParameters, [demoLicense], undefined])
  )
}

function recordPath(home: string): string {
  return join(home, 'demo-model.json')
}

/** A record that cannot be read is as good as none: the worst that follows is a demo that comes back once. */
async function readRecord(home: string): Promise<DemoRecord> {
  const text = await ifThere(readFile(recordPath(home), 'utf8'))
  try {
    return recordSchema.parse(JSON.parse(text ?? '{}'))
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return {}
    throw error
  }
}

function writeRecord(home: string, record: DemoRecord): Promise<void> {
  return writeAtomically(recordPath(home), `${JSON.stringify(record, null, 2)}\n`)
}
