import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeDeb } from '../linux-packages/deb.ts'
import type { LinuxPackage } from '../linux-packages/package.ts'
import { writeRpm } from '../linux-packages/rpm.ts'
import { projectFolder } from '../project.ts'
import { run } from '../run.ts'
import { onPath } from '../system-packages.ts'

/**
 * Back ends for graphics cards, each as packages of its own: they are larger than Hearth itself, and of use to some.
 * Their files lie in `resources/node_modules`, where Node looks next when the app's archive does not have a package; so
 * Hearth finds them without being told, and does without them as well. node-llama-cpp takes only those of its own
 * version.
 */
interface BackEnd {
  readonly name: string
  readonly synopsis: string
  readonly description: string
  readonly packages: readonly string[]
}

function backEnds(platform: string, arch: string): BackEnd[] {
  const system = { linux: 'linux', win32: 'win' }[platform]
  // On a Mac, Metal is part of Hearth.
  if (system === undefined) return []
  return [
    {
      name: 'vulkan',
      synopsis: 'Hearth on graphics cards, by Vulkan',
      description: 'Lets models run on graphics cards of any make whose driver offers Vulkan.',
      packages: [`@node-llama-cpp/${system}-${arch}-vulkan`, `@fugood/node-llama-${platform}-${arch}-vulkan`],
    },
    {
      name: 'cuda',
      synopsis: 'Hearth on graphics cards by NVIDIA, by CUDA',
      description:
        'Lets models run on graphics cards by NVIDIA. Needs their driver; the parts of CUDA it uses are inside.',
      packages: [`@node-llama-cpp/${system}-${arch}-cuda`, `@node-llama-cpp/${system}-${arch}-cuda-ext`],
    },
  ]
}

interface GpuOptions {
  readonly version: string
  /** Formats to make: deb, rpm, tar.gz, zip. */
  readonly formats: readonly string[]
  readonly output: string
  readonly fast: boolean
}

/** @returns the files made; none where the platform has no such back ends, or they were not installed */
export async function packBackEnds(options: GpuOptions): Promise<string[]> {
  const { platform, arch } = process
  const made: string[] = []
  for (const backEnd of backEnds(platform, arch)) {
    const present = backEnd.packages.filter(name => existsSync(folderOf(name)))
    if (present.length === 0) continue
    for (const format of options.formats) made.push(await write(format, backEnd, present, options))
  }
  return made
}

const folderOf = (name: string): string => join(projectFolder, 'node_modules', name)

async function write(
  format: string,
  backEnd: BackEnd,
  present: readonly string[],
  options: GpuOptions,
): Promise<string> {
  const { version, output, fast } = options
  const name = `hearth-gpu-${backEnd.name}`
  if (format === 'deb' || format === 'rpm') {
    const wanted = await linuxPackage(name, backEnd, present, options, format)
    const architecture = wanted.architecture
    const rpm = { amd64: 'x86_64', arm64: 'aarch64' }[architecture] ?? architecture
    const path = join(
      output,
      format === 'deb' ? `${name}_${version}_${architecture}.deb` : `${name}-${version}.${rpm}.rpm`,
    )
    await (format === 'deb' ? writeDeb : writeRpm)({ ...wanted, path })
    return path
  }
  // To be unpacked into Hearth's resources folder.
  const path = join(output, `${name}-${version}-${process.platform}-${process.arch}.${format}`)
  const modules = ['-C', projectFolder, ...present.map(folder => `node_modules/${folder}`)]
  // Windows brings a tar that writes zip, too.
  const packed = await run('tar', [format === 'zip' ? '-acf' : '-czf', path, ...modules], {
    env: { ...process.env, GZIP: fast ? '-1' : '-9' },
  })
  if (packed.code !== 0) throw new Error(`tar failed: ${packed.output.trim()}`)
  return path
}

async function linuxPackage(
  name: string,
  { synopsis, description }: BackEnd,
  present: readonly string[],
  { version, output, fast }: GpuOptions,
  format: 'deb' | 'rpm',
): Promise<LinuxPackage> {
  const { author, homepage, license } = JSON.parse(await readFile(join(projectFolder, 'package.json'), 'utf8'))
  return {
    name,
    version: version.replaceAll('-', '~'),
    architecture: process.arch === 'x64' ? 'amd64' : process.arch,
    maintainer: `${author.name} <${author.email}>`,
    homepage,
    license,
    category: 'utils',
    synopsis,
    description,
    // A later Hearth may carry another llama.cpp; it says so itself then (main/desktop/back-ends.ts), as an update that
    // broke this package's dependency would hold up all of apt.
    depends: [atLeast(format, version)],
    recommends: [],
    files: present.map(folder => ({
      from: `${folderOf(folder)}/`,
      to: `/opt/Hearth/resources/node_modules/${folder}`,
    })),
    compression: fast ? 'fast' : 'small',
    path: output,
  }
}

/** What a package with back ends wants, in the words of dpkg or rpm: an older Hearth has an older llama.cpp. */
export const atLeast = (format: 'deb' | 'rpm', version: string): string => {
  const known = version.replaceAll('-', '~')
  return format === 'deb' ? `hearth (>= ${known})` : `hearth >= ${known}`
}

/** What can be made here: as packages where the system's tools are, else as archives. */
export const backEndFormats = (): string[] =>
  process.platform === 'win32'
    ? ['zip']
    : ['tar.gz', ...(onPath('dpkg-deb') ? ['deb'] : []), ...(onPath('rpmbuild') ? ['rpm'] : [])]
