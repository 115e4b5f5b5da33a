import { access, copyFile, readFile, rm } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { cacheFolder, makeFolderOnce } from '../../../scripts/cache-folder.ts'
import { dependencyFile } from '../../../scripts/project.ts'
import { run } from '../../../scripts/run.ts'

const program = process.platform === 'win32' ? 'llama-server.exe' : 'llama-server'

/** A release build: no page, no TLS, no video, nothing fetched. */
const settings = {
  CMAKE_BUILD_TYPE: 'Release',
  LLAMA_BUILD_UI: 'OFF',
  LLAMA_USE_PREBUILT_UI: 'OFF',
  LLAMA_OPENSSL: 'OFF',
  MTMD_VIDEO: 'OFF',
}

/**
 * llama.cpp's own server, from LLAMA_SERVER or built once into the cache (some five minutes on two cores) from the very
 * source that node-llama-cpp's libraries come from. Those libraries are what it runs on: compiled for this machine by
 * this machine's compiler it would be another llama.cpp, faster in places, and the bench would compare compilers.
 * @returns the program's path
 * @throws Error naming what is missing to build it
 */
export async function llamaServer(env: NodeJS.ProcessEnv = process.env): Promise<string> {
  if (env.LLAMA_SERVER) return env.LLAMA_SERVER
  const info = await readFile(dependencyFile('node-llama-cpp', 'llama', 'llama.cpp.info.json'), 'utf8')
  const folder = join(cacheFolder(env), `llama-server-2-${(JSON.parse(info) as { tag: string }).tag}`)
  const path = join(folder, program)
  if (await isThere(path)) return path
  await requirePrograms()
  process.stderr.write('Building llama-server of the same release, once; this takes some minutes ...\n')
  await makeFolderOnce(folder, async unfinished => {
    const [source, build] = [join(unfinished, 'source'), join(unfinished, 'build')]
    await step('git', ['clone', '--quiet', dependencyFile('node-llama-cpp', 'llama', 'gitRelease.bundle'), source])
    await copyFile(join(import.meta.dirname, 'llama-server', 'CMakeLists.txt'), join(source, 'CMakeLists.txt'))
    const defines = Object.entries({ ...settings, BINARIES: sharedLibraries() }).map(
      ([name, value]) => `-D${name}=${value}`,
    )
    await step('cmake', ['-S', source, '-B', build, ...defines])
    const jobs = ['--parallel', String(availableParallelism())]
    await step('cmake', ['--build', build, '--config', 'Release', '--target', 'llama-server', ...jobs], gently)
    await copyFile(join(build, 'bin', program), join(unfinished, program))
    for (const made of [source, build]) await rm(made, { recursive: true })
  })
  return path
}

/**
 * Where node-llama-cpp keeps the libraries that Hearth computes with when there is no GPU. On Windows nothing can be
 * linked with them, as their import libraries are not shipped: there LLAMA_SERVER is needed.
 */
export function sharedLibraries(): string {
  const system = process.platform === 'darwin' ? 'mac' : process.platform
  const platform = `${system}-${process.arch}${system === 'mac' && process.arch === 'arm64' ? '-metal' : ''}`
  return dependencyFile('@node-llama-cpp', platform, 'bins', platform)
}

type Wrap = (command: string, args: readonly string[]) => [command: string, args: readonly string[]]

const plainly: Wrap = (command, args) => [command, args]
const gently: Wrap = (command, args) =>
  process.platform === 'win32' ? [command, args] : ['nice', ['-n', '10', command, ...args]]

async function step(command: string, args: readonly string[], wrap = plainly): Promise<void> {
  const { code, output } = await run(...wrap(command, args))
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${output.slice(-4000)}`)
}

async function requirePrograms(): Promise<void> {
  const needed = ['git', 'cmake', 'g++']
  const missing: string[] = []
  for (const name of needed) if ((await run(name, ['--version'])).code !== 0) missing.push(name)
  if (missing.length === 0) return
  throw new Error(`llama-server cannot be built: ${missing.join(', ')} not found; or set LLAMA_SERVER to one`)
}

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )
