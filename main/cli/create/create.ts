import { readFile, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { parseModelName } from '../../library/model-name.ts'
import { parseModelfile } from '../../library/modelfile.ts'
import { type ModelFile, modelFiles } from '../../library/modelfile-folder.ts'
import { type ModelfileRequest, modelfileRequest } from '../../library/modelfile-request.ts'
import { CommandError } from '../command-error.ts'
import type { CommandContext } from '../context.ts'
import { printableLine } from '../printable.ts'
import type { Progress } from '../progress/progress.ts'
import { follow, withProgress } from '../transfer.ts'
import { expandPath, isPath } from './expand-path.ts'
import { offerFile } from './upload.ts'

export interface CreateOptions {
  /** Path of the Modelfile; `-` for what is piped in. Without one: `Modelfile` here, or else all that lies here. */
  readonly file?: string
  readonly quantize?: string
  readonly draftQuantize?: string
}

/** `create`: a model by its Modelfile. Files the server lacks are sent to it first. */
export async function create(context: CommandContext, model: string, options: CreateOptions): Promise<void> {
  // Before gigabytes are sent for a model that cannot be called so.
  if (!parseModelName(model.trim())) throw new CommandError('invalid model name')
  const { source, folder } = await readModelfile(context, options.file)
  const wanted = modelfileRequest(parseModelfile(source))
  for (const name of wanted.deprecated) {
    context.terminal.errors.write(
      `Warning: nothing reads the parameter ${printableLine(name)} any more; it is left out\n`,
    )
  }
  await withProgress(context, async progress => {
    progress.step('gathering model components')
    const parts = await gather(wanted, folder)
    const body = {
      model,
      name: model,
      ...wanted.request,
      ...(options.quantize && { quantize: options.quantize }),
      ...(options.draftQuantize && { draft_quantize: options.draftQuantize }),
      ...(parts.from !== undefined && { from: parts.from }),
      ...(await uploads('files', parts.files)),
      ...(await uploads('adapters', parts.adapters)),
      ...(await uploads('draft_files', parts.drafts)),
      stream: true,
    }
    await follow(context, progress, '/api/create', body)

    async function uploads(
      field: string,
      files: readonly ModelFile[],
    ): Promise<Record<string, Record<string, string>>> {
      if (files.length === 0) return {}
      return { [field]: await offerFiles(context, files, progress) }
    }
  })
}

async function readModelfile(
  { terminal }: CommandContext,
  file: string | undefined,
): Promise<{ source: string | Uint8Array; folder: string }> {
  if (file === '-') return { source: await buffer(terminal.input), folder: '.' }
  try {
    return { source: await readFile(file ?? 'Modelfile'), folder: dirname(file ?? 'Modelfile') }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EISDIR') throw new CommandError(`read ${file ?? 'Modelfile'}: is a directory`)
    if (code !== 'ENOENT') throw error
    if (file !== undefined) throw new CommandError("specified Modelfile wasn't found")
    return { source: 'FROM .\n', folder: '.' }
  }
}

interface Parts {
  readonly from: string | undefined
  readonly files: readonly ModelFile[]
  readonly adapters: readonly ModelFile[]
  readonly drafts: readonly ModelFile[]
}

/** Finds the files a Modelfile names; what is none is the name of a model (upstream parser/parser.go). */
async function gather({ from, adapter, drafts }: ModelfileRequest, folder: string): Promise<Parts> {
  let base: string | undefined
  // A part of a split file brings the others, which may be named as well.
  const files = new Map<string, ModelFile>()
  const paths = new Set<string>()
  for (const text of from) {
    const path = expandPath(text, folder)
    if (await exists(path)) {
      paths.add(path)
      for (const file of await modelFiles(path)) files.set(file.path, file)
    } else if (isPath(text)) throw missing(path)
    else base = text
  }
  const draftFiles: ModelFile[] = []
  for (const text of drafts) {
    const path = expandPath(text, folder)
    if (paths.has(path)) throw new CommandError(`DRAFT must not reference the same local path as FROM: ${text}`)
    draftFiles.push(...(await existingFiles(path)))
  }
  return {
    from: base,
    files: [...files.values()],
    adapters: adapter === undefined ? [] : await existingFiles(expandPath(adapter, folder)),
    drafts: draftFiles,
  }
}

async function existingFiles(path: string): Promise<ModelFile[]> {
  if (!(await exists(path))) throw missing(path)
  return modelFiles(path)
}

function missing(path: string): CommandError {
  return new CommandError(`open ${path}: no such file or directory`)
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENAMETOOLONG' || code === 'EINVAL') return false
    throw error
  }
}

/** @returns digests by the names the server is to call the files; two of one name are told apart */
async function offerFiles(
  { server }: CommandContext,
  files: readonly ModelFile[],
  progress: Progress,
): Promise<Record<string, string>> {
  const digests = new Map<string, string>()
  for (const { path, name } of files) {
    const digest = await offerFile(server, path, progress)
    let free = name
    for (let n = 2; (digests.get(free) ?? digest) !== digest; n += 1) free = `${n}-${name}`
    digests.set(free, digest)
  }
  return Object.fromEntries(digests)
}
