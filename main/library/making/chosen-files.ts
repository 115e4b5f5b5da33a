import { randomUUID } from 'node:crypto'
import { realpath, stat } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { modelSetting } from '../../../preload/contract-limits.ts'
import { isGguf, readHeader } from '../../gguf/header.ts'
import { wordsOf } from '../../go/system-error.ts'
import { Problem } from '../../problem.ts'
import { kindOf, parameterCount } from '../gguf/facts.ts'
import type { GgufSource } from '../gguf/rewrite.ts'
import type { GgufKind } from '../model.ts'
import { ModelfileError } from '../modelfile.ts'
import { type ModelFile, modelFiles } from '../modelfile-folder.ts'
import { weightType } from '../weight-type.ts'

/** Files of a model, or of what goes with one, that the person has pointed at. */
export interface ChosenFiles {
  /** Stands for them in later calls: a window never names a path. */
  readonly token: string
  /** Of the file or folder, for people. */
  readonly name: string
  readonly format: 'gguf' | 'safetensors'
  /** A projector is what a model sees or hears with; one that lies beside weights is part of a model. */
  readonly kind: GgufKind
  /** Of all files. */
  readonly bytes: number
  /** Precision of the weights, `F16` or `Q4_K_M`; of safetensors what they are converted to. */
  readonly precision: string
  readonly parameters: number
}

const adapterWeights = /^(?:adapters|adapter_model)\.safetensors$/

/** What people have pointed at, by tokens. */
export class FileChoices {
  readonly #paths = new Map<string, string>()

  /** @param requireLoadable throws for a model's file that llama.cpp is certain not to load */
  constructor(private readonly requireLoadable: (name: string, source: GgufSource) => Promise<void>) {}

  /**
   * Looks at what a person dropped or chose: a GGUF, or a folder of safetensors.
   * @throws Problem `broken-model-file`, `file-unreadable`
   */
  async offer(path: string): Promise<ChosenFiles> {
    const files = await filesAt(path)
    const sizes = await Promise.all(files.map(async file => (await stat(file.path)).size))
    const bytes = sizes.reduce((sum, size) => sum + size, 0)
    const token = randomUUID()
    const described = files.some(({ name }) => /\.safetensors$/i.test(name))
      ? safetensorsAs(files, bytes)
      : await this.#ggufAs(files)
    this.#paths.set(token, path)
    // A setting says less of a model than the folder it lies in.
    const name = basename(modelSetting.test(basename(path)) ? dirname(path) : path)
    return { token, name, bytes, ...described }
  }

  async #ggufAs(files: readonly ModelFile[]): Promise<Described> {
    const sources: (GgufSource & Pick<ModelFile, 'name'>)[] = []
    for (const { path, name } of files) {
      if (!(await isGguf(path))) throw noModel(`${basename(path)} is no GGUF file`)
      sources.push({ path, name, header: await readHeader(path) })
    }
    // A projector may lie beside the weights.
    const weights = sources.filter(({ header }) => kindOf(header) !== 'projector')
    const main = weights[0] ?? sources[0]
    if (!main) throw noModel('there is no file')
    const kind = kindOf(main.header)
    if (kind === 'model') {
      // Of a file in several parts, the first has all but the others' tensors.
      const header = { ...main.header, tensors: weights.flatMap(({ header }) => header.tensors) }
      await this.requireLoadable(main.name, { ...main, header })
    }
    return {
      format: 'gguf',
      kind,
      precision: weightType(main.header),
      parameters: sources.reduce((sum, { header }) => sum + parameterCount(header), 0),
    }
  }

  /**
   * The files a token stands for, as they are now.
   * @throws Problem `not-found` for a token that nobody was given, or `offer`'s
   */
  async files(token: string): Promise<ModelFile[]> {
    const path = this.#paths.get(token)
    if (path === undefined) throw new Problem('not-found', 404, 'the files were chosen in an earlier session')
    return filesAt(path)
  }

  /** Where the files of a token are. */
  path(token: string): string | undefined {
    return this.#paths.get(token)
  }

  /** Takes back what a person has pointed at in an earlier session. */
  restore(token: string, path: string): void {
    this.#paths.set(token, path)
  }
}

async function filesAt(path: string): Promise<ModelFile[]> {
  try {
    if (/\.safetensors$/i.test(path) || modelSetting.test(basename(path))) return await folderAround(path)
    return await modelFiles(path)
  } catch (error) {
    if (error instanceof Problem) throw error
    if (error instanceof ModelfileError) throw noModel(error.message)
    throw new Problem('file-unreadable', 400, wordsOf(error), path)
  }
}

/** The files of a folder that is a model only as a whole, by one of them. */
async function folderAround(path: string): Promise<ModelFile[]> {
  const files = await modelFiles(dirname(path))
  const itself = await realpath(path)
  // The same weights in Mistral's own form lie beside those in Hugging Face's.
  if (files.some(file => file.path === itself) || /^consolidated/.test(basename(path))) return files
  throw noModel(`${basename(path)} is not one of the files of a model in its folder`)
}

type Described = Pick<ChosenFiles, 'format' | 'kind' | 'precision' | 'parameters'>

/** Two bytes a weight, which is how they come and what they are converted to. */
function safetensorsAs(files: readonly ModelFile[], bytes: number): Described {
  const isAdapter = files.some(({ name }) => adapterWeights.test(name))
  return { format: 'safetensors', kind: isAdapter ? 'adapter' : 'model', precision: 'F16', parameters: bytes / 2 }
}

const noModel = (why: string) => new Problem('broken-model-file', 400, why)
