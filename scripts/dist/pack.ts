import { readFile, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { archFromString, build, type Configuration, Platform } from 'electron-builder'
import { ensureBuilt } from '../build.ts'
import { describeRuntime, type ElectronRuntime, findElectronRuntime } from '../electron-runtime.ts'
import { writeTarGz } from '../linux-packages/tar-gz.ts'
import { projectFolder } from '../project.ts'
import { onPath } from '../system-packages.ts'
import { backEndFormats, packBackEnds } from './gpu.ts'
import { layInAppStream, layInNotices, removeDefaultApp } from './packed-app.ts'
import { refusePlaceholders } from './placeholders.ts'

export interface PackOptions {
  /** electron-builder's names; without any, those whose tools are here. */
  readonly targets?: readonly string[]
  /** Only Electron's official build, and only with its own version. */
  readonly release?: boolean
  /** Packages with back ends for graphics cards, too. */
  readonly gpu?: boolean
  readonly tell?: (line: string) => void
  /** Where the packages go; dist/ unless told. */
  readonly output?: string
  /** For tests: another version, an update server, and a package made fast instead of small. */
  readonly version?: string
  readonly updateServer?: string
  readonly fast?: boolean
}

/**
 * Builds Hearth and packs it for the system at hand.
 *
 * @returns the files that were made
 * @throws Error when it cannot be built, or when a release would name no publisher, or carry an Electron nobody
 * can vouch for
 */
export async function packHearth(options: PackOptions = {}): Promise<string[]> {
  const { release = false, tell = () => {} } = options
  if (release) refusePlaceholders()
  const runtime = await findElectronRuntime({ release, onProgress: tell })
  tell(describeRuntime(runtime))
  if (runtime.origin !== 'official') tell('Not for others: the packages say `unofficial-electron` in their names.')
  await ensureBuilt(async () => tell('Building …'))

  const output = options.output ?? join(projectFolder, 'dist')
  await rm(output, { recursive: true, force: true })
  const platform = Platform.current()
  const targets = options.targets ?? possibleTargets(platform)
  process.env.CUSTOM_FPM_PATH = join(projectFolder, 'scripts', 'linux-packages', 'fpm')
  const ownArchive = platform === Platform.LINUX && targets.includes('tar.gz')
  const theirs = ownArchive ? ['dir', ...targets.filter(target => !['dir', 'tar.gz'].includes(target))] : [...targets]
  const packages = await build({
    targets: platform.createTarget(theirs, archFromString(process.arch)),
    publish: 'never',
    projectDir: projectFolder,
    config: configuration(options, runtime, output),
  })
  const { version } = JSON.parse(await readFile(join(projectFolder, 'package.json'), 'utf8'))
  const { fast = false } = options
  if (ownArchive) {
    const top = `Hearth-${options.version ?? version}-linux-${process.arch}`
    const archive = join(output, `${top}${markOf(runtime)}.tar.gz`)
    await writeTarGz(join(output, unpackedFolder), archive, { top, compression: fast ? 'fast' : 'small' })
    packages.push(archive)
  }
  if (!options.gpu) return packages
  tell('Packing the back ends for graphics cards …')
  return [...packages, ...(await packBackEnds({ version, formats: backEndFormats(), output, fast }))]
}

/** electron-builder's name for the folder of the app on Linux. */
const unpackedFolder = process.arch === 'x64' ? 'linux-unpacked' : `linux-${process.arch}-unpacked`

/** A package that carries an Electron from elsewhere says so wherever it goes. */
const markOf = ({ origin }: ElectronRuntime): string => (origin === 'official' ? '' : '-unofficial-electron')

/** What electron-builder.yml cannot know. */
function configuration(options: PackOptions, runtime: ElectronRuntime, output: string): Configuration {
  const { version, updateServer, fast = false } = options
  const mark = markOf(runtime)
  return {
    directories: { output },
    electronDist: runtimeFolder(runtime),
    electronVersion: runtime.version,
    ...(version === undefined ? {} : { extraMetadata: { version } }),
    artifactName: `\${productName}-\${version}-\${os}-\${arch}${mark}.\${ext}`,
    deb: { artifactName: `hearth_\${version}_\${arch}${mark}.\${ext}`, ...(fast ? { compression: 'gz' } : {}) },
    rpm: { artifactName: `hearth-\${version}.\${arch}${mark}.\${ext}` },
    portable: { artifactName: `\${productName}-\${version}-\${os}-\${arch}-portable${mark}.\${ext}` },
    ...(fast ? { compression: 'store' } : {}),
    publish: updateServer === undefined ? updateSource(process.env) : { provider: 'generic', url: updateServer },
    artifactBuildStarted: layInAppStream(join(output, unpackedFolder)),
    afterExtract: removeDefaultApp,
    afterPack: layInNotices(runtime.origin),
  }
}

/**
 * Where an installed Hearth looks for newer ones: the releases of the repository that this is built in. A build from
 * anywhere else looks nowhere.
 */
function updateSource(env: NodeJS.ProcessEnv): Configuration['publish'] {
  const [owner, repo] = env.GITHUB_REPOSITORY?.split('/') ?? []
  return owner && repo ? { provider: 'github', owner, repo, releaseType: 'draft' } : null
}

/** electron-builder downloads the tools for the others from GitHub, which the release pipeline lets it do. */
function possibleTargets(platform: Platform): string[] {
  if (platform !== Platform.LINUX) return platform === Platform.MAC ? ['dmg', 'zip'] : ['nsis', 'portable']
  return ['dir', 'tar.gz', ...(onPath('dpkg-deb') ? ['deb'] : []), ...(onPath('rpmbuild') ? ['rpm'] : [])]
}

/** The folder of an unpacked Electron. */
function runtimeFolder({ executable }: ElectronRuntime): string {
  return process.platform === 'darwin' ? join(dirname(executable), '..', '..', '..') : dirname(executable)
}
