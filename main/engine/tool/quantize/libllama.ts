import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import koffi from 'koffi'
import { PrintedLog } from '../../printed-log.ts'

/** llama_model_quantize_params of llama.h; enums are their numbers. */
interface QuantizeParams {
  nthread: number
  ftype: number
  output_tensor_type: number
  token_embedding_type: number
  allow_requantize: boolean
  quantize_output_tensor: boolean
  only_copy: boolean
  pure: boolean
  keep_split: boolean
  dry_run: boolean
  imatrix: null
  kv_overrides: null
  tt_overrides: readonly TensorOverride[] | null
  prune_layers: null
  max_buf_size: number
  /** Room for members that a later llama.cpp may add behind: they keep the defaults it gave them. */
  later_members: Uint8Array
}

/** Tensors whose name a pattern finds (ECMAScript, in std::regex) get a type; a list ends with a null pattern. */
export interface TensorOverride {
  readonly pattern: string | null
  /** Number of the ggml type. */
  readonly type: number
}

/** What a caller may choose; everything else keeps llama.cpp's default. */
export type QuantizeChoices = Partial<Omit<QuantizeParams, 'later_members'>> & { ftype: number }

/** The quantiser of the libllama that node-llama-cpp carries, which has no call for it. */
export interface Libllama {
  /** @returns 0 when the file is written */
  quantize(source: string, output: string, choices: QuantizeChoices): Promise<number>
  /** The last part of what llama.cpp logged. */
  readonly log: PrintedLog
}

const overrideType = koffi.struct({ pattern: 'const char *', type: 'int32' })
const paramsType = koffi.struct({
  nthread: 'int32',
  ftype: 'int32',
  output_tensor_type: 'int32',
  token_embedding_type: 'int32',
  allow_requantize: 'bool',
  quantize_output_tensor: 'bool',
  only_copy: 'bool',
  pure: 'bool',
  keep_split: 'bool',
  dry_run: 'bool',
  imatrix: 'void *',
  kv_overrides: 'void *',
  tt_overrides: koffi.pointer(overrideType),
  prune_layers: 'void *',
  max_buf_size: 'size_t',
  later_members: koffi.array('uint8', 256, 'Typed'),
})

/**
 * Loads the library, its computing backends first.
 * @param onText told what llama.cpp logs, in pieces of lines
 * @throws Error when the library is another than the one this is written for
 */
export async function openLibllama(onText: (text: string) => void): Promise<Libllama> {
  const folder = await binariesFolder()
  const names = readdirSync(folder)
  const load = (library: string) => {
    // libllama.v0.5.0.so, libllama.dylib, llama.dll
    const name = names.find(file => new RegExp(`^(lib)?${library}(\\.v?[\\d.]+)?\\.(so|dylib|dll)$`).test(file))
    if (name === undefined) throw new Error(`there is no ${library} in ${folder}`)
    return koffi.load(join(folder, name), { global: true })
  }
  load('ggml-base')
  const ggml = load('ggml')
  const llama = load('llama')

  const log = new PrintedLog()
  const onLog = (_level: number, text: string) => {
    log.append(text)
    onText(text)
  }
  const logCallback = koffi.pointer(koffi.proto('void', ['int', 'const char *', 'void *']))
  llama.func('llama_log_set', 'void', [logCallback, 'void *'])(koffi.register(onLog, logCallback), null)
  ggml.func('ggml_backend_load_all_from_path', 'void', ['const char *'])(folder)
  llama.func('llama_backend_init', 'void', [])()

  const defaults = llama.func('llama_model_quantize_default_params', paramsType, [])() as QuantizeParams
  checkLayout(defaults)
  const quantize = llama.func('llama_model_quantize', 'uint32', [
    'const char *',
    'const char *',
    koffi.pointer(paramsType),
  ])
  return {
    log,
    quantize: (source, output, choices) =>
      new Promise((resolve, reject) => {
        // In a thread of its own: this one has progress to tell, and an end to come to when main is gone.
        quantize.async(source, output, { ...defaults, ...choices }, (error: Error | null, status: number) =>
          error ? reject(error) : resolve(status),
        )
      }),
  }
}

/** GGML_TYPE_COUNT stands for "no choice"; it grows with the types, and no enum of bytes goes beyond. */
const mostTensorTypes = 255

/**
 * Every member must hold the default that llama.cpp documents for it. In a library whose structure has another shape
 * they would lie elsewhere, and a call would write over memory: then there is none.
 */
function checkLayout(defaults: QuantizeParams): void {
  const { output_tensor_type: none, later_members: _, ...known } = defaults
  const expected: Omit<QuantizeParams, 'output_tensor_type' | 'later_members'> = {
    nthread: 0,
    ftype: 7,
    token_embedding_type: none,
    allow_requantize: false,
    quantize_output_tensor: true,
    only_copy: false,
    pure: false,
    keep_split: false,
    dry_run: false,
    imatrix: null,
    kv_overrides: null,
    tt_overrides: null,
    prune_layers: null,
    max_buf_size: 8 * 2 ** 30,
  }
  const names = Object.keys(expected) as (keyof typeof expected)[]
  const odd = names.filter(name => known[name] !== expected[name])
  if (odd.length === 0 && none > 0 && none <= mostTensorTypes) return
  throw new Error(`libllama has other quantisation parameters than expected: ${odd.join(', ') || 'tensor types'}`)
}

/** Where the package of this platform keeps its libraries; on a Mac with Apple's chip the one with Metal is the only one. */
async function binariesFolder(): Promise<string> {
  const system = { linux: 'linux', darwin: 'mac', win32: 'win' }[process.platform as 'linux' | 'darwin' | 'win32']
  const processor = process.arch === 'arm' ? 'armv7l' : process.arch
  const platform = `${system}-${processor}${system === 'mac' && processor === 'arm64' ? '-metal' : ''}`
  const { getBinsDir } = (await import(/* @vite-ignore */ `@node-llama-cpp/${platform}`)) as {
    getBinsDir(): { binsDir: string }
  }
  // In a packed app the libraries lie outside the archive (electron-builder.yml, asarUnpack).
  return join(getBinsDir().binsDir.replace(/\bapp\.asar\b(?!\.unpacked)/, 'app.asar.unpacked'), platform)
}
