import type { Dirent } from 'node:fs'
import { readdir, realpath, stat } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path'
import { ModelfileError } from './modelfile.ts'
import { type ContentType, contentTypeOf } from './modelfile-content.ts'

/** A file that goes into a model. */
export interface ModelFile {
  /** Where it lies, without symbolic links. */
  readonly path: string
  /** What the server is to call it: relative, with slashes. */
  readonly name: string
}

interface Pattern {
  readonly matches: RegExp
  /** Undefined where any is taken: the header of a safetensors file may look like text. */
  readonly type?: ContentType
}

const gguf: ContentType = 'application/octet-stream'

/** What weights come as. The first pattern that finds something decides (upstream parser/parser.go, filesForModel). */
const weightPatterns: readonly Pattern[] = [
  { matches: /^model[^/]*\.safetensors$/ },
  { matches: /^[^/]+\/model[^/]*\.safetensors$/ },
  { matches: /^consolidated[^/]*\.safetensors$/ },
  { matches: /^adapters\.safetensors$/ },
  { matches: /^adapter_model\.safetensors$/ },
  { matches: /^pytorch_model[^/]*\.bin$/, type: 'application/zip' },
  { matches: /^consolidated[^/]*\.pth$/, type: 'application/zip' },
  { matches: /^[^/]*\.gguf$/, type: gguf },
  { matches: /^[^/]*\.bin$/, type: 'application/octet-stream' },
]

/** What goes with them; settings of embedding models lie a folder deeper. */
const settingPatterns: readonly Pattern[] = [
  { matches: /^([^/]+\/)?[^/]*\.json$/, type: 'text/plain' },
  { matches: /^chat_template\.jinja$/ },
  { matches: /^tokenizer\.model$/, type: 'application/octet-stream' },
]

/** A part of a GGUF in several files: the stem, its number from 1 on, how many there are (llama.cpp, llama_split_path). */
const shardName = /^(.*)-(\d{5})-of-(\d{5})\.gguf$/i

/**
 * The files of a model: one file, with the other parts where it is one of several, or those of a folder that make up a
 * model.
 * @throws ModelfileError when it is neither, a part is missing, the folder holds no model, a file is not what its name
 *   says, or a link leads out of it
 */
export async function modelFiles(path: string): Promise<ModelFile[]> {
  const found = await stat(path)
  if (!found.isDirectory()) {
    await requireFile(path)
    const shard = shardName.exec(basename(path))
    return shard ? shardsOf(dirname(path), shard) : [{ path, name: basename(path) }]
  }
  const names = await namesIn(path)
  const weights = await firstThatMatches(path, names)
  if (weights.length === 0) {
    // What is named like weights and holds something else, a pointer to a file elsewhere, say.
    for (const name of names.filter(name => name.endsWith('.gguf'))) await expectType(path, name, gguf)
    throw new ModelfileError('no Modelfile or safetensors files found')
  }
  const settings = []
  // A GGUF has them inside; beside it they may be of anything.
  const hasThemInside = weights.every(name => name.endsWith('.gguf'))
  for (const { matches, type } of hasThemInside ? [] : settingPatterns) {
    for (const name of names.filter(name => matches.test(name))) {
      if (type) await expectType(path, name, type)
      settings.push(name)
    }
  }
  const root = await realpath(path)
  return Promise.all([...new Set([...weights, ...settings])].map(name => insideOf(root, name)))
}

/** All parts of a model that comes in several files, by one of them. */
async function shardsOf(folder: string, [shard, stem, , count]: readonly string[]): Promise<ModelFile[]> {
  const found = new Map<number, string>()
  const names = await readdir(folder)
  for (const name of names) {
    const [, otherStem, number, otherCount] = shardName.exec(name) ?? []
    if (otherStem === stem && otherCount === count) found.set(Number(number), name)
  }
  const all = Array.from({ length: Number(count) }, (_, index) => found.get(index + 1))
  const parts = all.filter(name => name !== undefined)
  if (parts.length < all.length) {
    const missing = all.flatMap((name, index) => (name === undefined ? [index + 1] : []))
    const are = missing.length === 1 ? 'is' : 'are'
    const told = `${shard} is one of ${all.length} parts, of which ${missing.join(', ')} ${are} missing`
    const wanted = `${stem}-${String(missing[0]).padStart(5, '0')}-of-${count}.gguf`
    const alike = names.find(name => name.toLowerCase() === wanted.toLowerCase())
    throw new ModelfileError(alike === undefined ? told : `${told}: ${wanted} was looked for, ${alike} is there`)
  }
  for (const name of parts) await requireFile(join(folder, name))
  return parts.map(name => ({ path: join(folder, name), name }))
}

/** @throws ModelfileError for a pipe, a socket or a device: it may have no end, or never begin */
async function requireFile(path: string): Promise<void> {
  if (!(await stat(path)).isFile()) throw new ModelfileError(`${path} is neither a file nor a folder`)
}

async function typeOf(folder: string, name: string): Promise<ContentType> {
  const path = join(folder, name)
  await requireFile(path)
  return contentTypeOf(path)
}

async function expectType(folder: string, name: string, expected: ContentType): Promise<void> {
  const type = await typeOf(folder, name)
  if (type === expected) return
  throw new ModelfileError(`invalid content type: expected ${expected} for ${join(folder, name)}, got ${type}`)
}

/** Files of a folder and of those directly in it, with slashes, sorted. */
async function namesIn(folder: string): Promise<string[]> {
  const names: string[] = []
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (!(await isFolder(folder, entry))) names.push(entry.name)
    else for (const inner of await filesIn(join(folder, entry.name))) names.push(`${entry.name}/${inner}`)
  }
  return names.sort()
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  const files = await Promise.all(entries.map(async entry => ((await isFolder(folder, entry)) ? [] : [entry.name])))
  return files.flat()
}

/** A link counts as what it leads to; one that leads nowhere is no folder. */
async function isFolder(parent: string, entry: Dirent): Promise<boolean> {
  if (!entry.isSymbolicLink()) return entry.isDirectory()
  return stat(join(parent, entry.name)).then(
    stats => stats.isDirectory(),
    () => false,
  )
}

async function firstThatMatches(folder: string, names: readonly string[]): Promise<string[]> {
  for (const { matches, type } of weightPatterns) {
    const found = names.filter(name => matches.test(name))
    const types = type ? await Promise.all(found.map(name => typeOf(folder, name))) : []
    if (found.length > 0 && types.every(other => other === type)) return found
  }
  return []
}

/** @throws ModelfileError for a link that leads out of the folder: a model from a stranger could take any file along */
async function insideOf(root: string, name: string): Promise<ModelFile> {
  const path = await realpath(join(root, name))
  const inside = relative(root, path)
  if (inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside)) {
    throw new ModelfileError(`insecure path: ${inside}`)
  }
  await requireFile(path)
  return { path, name }
}
