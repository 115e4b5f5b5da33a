import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import koffi, { type LibraryHandle } from 'koffi'

/** llama.cpp's shared libraries, as node-llama-cpp carries them. */
export interface Libraries {
  readonly base: LibraryHandle
  readonly ggml: LibraryHandle
  readonly llama: LibraryHandle
}

/** The computing backend a set of libraries is built for; false is the CPU alone. */
export type Gpu = 'cuda' | 'vulkan' | 'metal' | false

const logCallback = koffi.pointer(koffi.proto('void', ['int', 'const char *', 'void *']))

/** llama.cpp builds its graphs and reads its files on this stack, which koffi makes much smaller than a thread's. */
const stackSize = 8 * 2 ** 20

/**
 * Loads the libraries into this process, or finds those that node-llama-cpp has loaded, and their computing backends.
 * @param folder as `librariesFolder` says
 * @param onLog told what llama.cpp logs from now on, in pieces of lines; without it the log goes where it went
 */
export function loadLibraries(folder: string, onLog?: (text: string) => void): Libraries {
  const names = readdirSync(folder)
  const load = (library: string) => {
    // libllama.v0.5.0.so, libllama.cuda.v0.5.0.so, libllama.dylib, llama.dll
    const name = names.find(file =>
      new RegExp(`^(lib)?${library}(\\.(cuda|vulkan|metal))?(\\.v?[\\d.]+)?\\.(so|dylib|dll)$`).test(file),
    )
    if (name === undefined) throw new Error(`there is no ${library} in ${folder}`)
    return koffi.load(join(folder, name), { global: true })
  }
  koffi.config({
    ...koffi.config(),
    sync_stack_size: stackSize,
    async_stack_size: stackSize,
  })
  const base = load('ggml-base')
  const ggml = load('ggml')
  const llama = load('llama')
  if (onLog) {
    const callback = koffi.register((_level: number, text: string) => onLog(text), logCallback)
    llama.func('llama_log_set', 'void', [logCallback, 'void *'])(callback, null)
  }
  if (ggml.func('ggml_backend_reg_count', 'size_t', [])() === 0) {
    ggml.func('ggml_backend_load_all_from_path', 'void', ['const char *'])(folder)
  }
  llama.func('llama_backend_init', 'void', [])()
  return { base, ggml, llama }
}

/**
 * Where the package of this platform keeps its libraries; on a Mac with Apple's chip the one with Metal is the only
 * one.
 * @throws Error when that package is not installed
 */
export async function librariesFolder(gpu: Gpu): Promise<string> {
  const system = { linux: 'linux', darwin: 'mac', win32: 'win' }[process.platform as 'linux' | 'darwin' | 'win32']
  const processor = process.arch === 'arm' ? 'armv7l' : process.arch
  const backend = system === 'mac' ? (processor === 'arm64' ? 'metal' : false) : gpu
  const platform = [system, processor, ...(backend ? [backend] : [])].join('-')
  const { getBinsDir } = (await import(/* @vite-ignore */ `@node-llama-cpp/${platform}`)) as {
    getBinsDir(): { binsDir: string }
  }
  // In a packed app the libraries lie outside the archive (electron-builder.yml, asarUnpack).
  return join(getBinsDir().binsDir.replace(/\bapp\.asar\b(?!\.unpacked)/, 'app.asar.unpacked'), platform)
}
