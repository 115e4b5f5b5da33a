import { access, copyFile, readFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { cacheFolder, makeFolderOnce } from '../../../scripts/cache-folder.ts'
import { dependencyFile } from '../../../scripts/project.ts'
import { run } from '../../../scripts/run.ts'

const program = process.platform === 'win32' ? 'llama-server.exe' : 'llama-server'

/** A release build of the server alone: no page, no TLS, nothing fetched. */
const settings = {
  CMAKE_BUILD_TYPE: 'Release',
  BUILD_SHARED_LIBS: 'OFF',
  LLAMA_BUILD_TESTS: 'OFF',
  LLAMA_BUILD_EXAMPLES: 'OFF',
  LLAMA_BUILD_APP: 'OFF',
  LLAMA_BUILD_UI: 'OFF',
  LLAMA_USE_PREBUILT_UI: 'OFF',
  LLAMA_OPENSSL: 'OFF',
}

/**
 * llama.cpp's own server, from LLAMA_SERVER or built once from the very source that node-llama-cpp's binaries come from
 * (some ten minutes on two cores), into the cache.
 * @returns the program's path
 * @throws Error naming what is missing to build it
 */
export async function llamaServer(env: NodeJS.ProcessEnv = process.env): Promise<string> {
  if (env.LLAMA_SERVER) return env.LLAMA_SERVER
  const info = await readFile(dependencyFile('node-llama-cpp', 'llama', 'llama.cpp.info.json'), 'utf8')
  const folder = join(cacheFolder(env), `llama-server-${(JSON.parse(info) as { tag: string }).tag}`)
  const path = join(folder, program)
  if (await isThere(path)) return path
  await requirePrograms()
  process.stderr.write('Building llama-server of the same release, once; this takes some minutes ...\n')
  await makeFolderOnce(folder, async unfinished => {
    const [source, build] = [join(unfinished, 'source'), join(unfinished, 'build')]
    await step('git', ['clone', '--quiet', dependencyFile('node-llama-cpp', 'llama', 'gitRelease.bundle'), source])
    const defines = Object.entries(settings).map(([name, value]) => `-D${name}=${value}`)
    await step('cmake', ['-S', source, '-B', build, ...defines])
    const jobs = ['--parallel', String(availableParallelism())]
    await step('cmake', ['--build', build, '--config', 'Release', '--target', 'llama-server', ...jobs], gently)
    await copyFile(join(build, 'bin', program), join(unfinished, program))
  })
  return path
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
