import { accessSync, constants, readlinkSync, realpathSync, statSync } from 'node:fs'
import { chmod, link, mkdir, rm, symlink, writeFile } from 'node:fs/promises'
import { delimiter, dirname, join } from 'node:path'
import type { Command } from '../../preload/contract.ts'
import { Mutex } from '../mutex.ts'
import { asProblem, Problem } from '../problem.ts'
import { type CommandPlace, commandPlace, type Laid, startsSomething, whatLies } from './command-place.ts'
import type { Packaging } from './packaging.ts'

export interface CommandOnPathOptions {
  readonly packaging: Packaging
  /** The folder app.asar lies in. */
  readonly resources: string
  readonly userHome: string
  /** Folders a new terminal window looks in, joined as in PATH. */
  readonly terminalPath: () => Promise<string>
  /** Runs a shell script that this user may not; macOS asks for the password. Undefined where nobody is asked. */
  readonly asAdministrator?: ((script: string, args: readonly string[]) => Promise<unknown>) | undefined
}

/** Shell: `$1` link, `$2` where, `$3` the link of another copy of Hearth that gives way. Takes away nothing else. */
export const linkScript =
  'mkdir -p "$(dirname "$2")" && if [ -n "$3" ] && [ "$(readlink "$2")" = "$3" ]; then rm "$2"; fi && ln -s "$1" "$2"'
/** Shell: `$1` where, `$2` the link that lies there. */
export const unlinkScript = '[ "$(readlink "$1")" = "$2" ] && rm "$1"'

/**
 * The command `hearth` where a terminal finds it. deb, rpm and the Windows installer bring it along; on macOS, and with
 * an AppImage or an unpacked tar.gz, Hearth lays it when the person asks for it, and never over a `hearth` that is not
 * its own.
 */
export class CommandOnPath {
  readonly #options: CommandOnPathOptions
  readonly #place: CommandPlace | undefined
  readonly #oneAtATime = new Mutex()

  constructor(options: CommandOnPathOptions) {
    this.#options = options
    this.#place = commandPlace(options.packaging, options.resources, options.userHome)
  }

  /** Whether this copy lays the command and takes it away. */
  get isChangeable(): boolean {
    return this.#place?.laid !== undefined
  }

  /** @returns null for a copy that has no command: from source, and portable ones */
  async look(): Promise<Command | null> {
    const place = this.#place
    if (place === undefined) return null
    const found = findOnPath(await this.#options.terminalPath())
    const laid = whatLies(place)
    return {
      path: place.at,
      laid,
      found: found ?? null,
      works: laid === 'this' && found !== undefined && realpathSync(found) === realpathSync(place.at),
      changeable: place.laid !== undefined,
    }
  }

  /**
   * Lays the command; that of another copy of Hearth gives way. Changes nothing where it lies already, or where the
   * person gives no password.
   *
   * @throws Problem command-taken: a `hearth` that is not Hearth's lies there; app-not-in-place: the app will not be
   * where it is now; command-unwritable
   */
  install(): Promise<void> {
    const { at, laid } = this.#changeable()
    return this.#change(at, async () => {
      const there = whatLies({ at, laid })
      if (there === 'this') return
      if (there === 'foreign') throw taken(at)
      this.#mustStay()
      const gives = there === 'other-hearth'
      if (this.#asks(at) && 'link' in laid) {
        await this.#options.asAdministrator?.(linkScript, [laid.link, at, gives ? readlinkSync(at) : ''])
        return
      }
      if (gives) await rm(at)
      await lay(at, laid)
    })
  }

  /** Takes it away again; leaves alone what is not Hearth's. */
  remove(): Promise<void> {
    const { at, laid } = this.#changeable()
    return this.#change(at, async () => {
      const there = whatLies({ at, laid })
      if (there !== 'this' && there !== 'other-hearth') return
      if (this.#asks(at)) await this.#options.asAdministrator?.(unlinkScript, [at, readlinkSync(at)])
      else await rm(at)
    })
  }

  /**
   * For the start: a command of Hearth's that starts nothing any more leads here from now on. An update may have given
   * the AppImage another name, or the person a newer folder its place.
   */
  async repair(): Promise<void> {
    const place = this.#place
    if (place?.laid === undefined || whatLies(place) !== 'other-hearth' || startsSomething(place.at)) return
    if (!this.#asks(place.at)) await this.install()
  }

  #changeable(): Required<CommandPlace> {
    const place = this.#place
    if (place?.laid !== undefined) return { at: place.at, laid: place.laid }
    throw new Problem('invalid-request', 400, 'this copy of Hearth does not lay the command itself')
  }

  /** A disk image, or the passing folder macOS starts a freshly loaded app in, is gone the next time. */
  #mustStay(): void {
    const { packaging, resources } = this.#options
    if (packaging.kind !== 'mac' || !/^\/Volumes\/|\/AppTranslocation\//.test(resources)) return
    throw new Problem('app-not-in-place', 409, 'the app is not in the Applications folder', resources)
  }

  #asks(at: string): boolean {
    return this.#options.asAdministrator !== undefined && !writable(dirname(at))
  }

  /** @throws Problem with the path, for what the file system refuses */
  #change(at: string, work: () => Promise<void>): Promise<void> {
    return this.#oneAtATime.run(() =>
      work().catch((error: NodeJS.ErrnoException) => {
        // Somebody was quicker.
        if (error.code === 'EEXIST') throw taken(at)
        const problem = asProblem(error)
        if (problem.code !== 'internal') throw problem
        throw new Problem('command-unwritable', 403, `cannot write ${at}`, error.message)
      }),
    )
  }
}

const taken = (at: string): Problem => new Problem('command-taken', 409, 'another program has the name hearth', at)

/** Whole or not at all, and only where nothing is. */
async function lay(at: string, laid: Laid): Promise<void> {
  await mkdir(dirname(at), { recursive: true })
  if ('link' in laid) return await symlink(laid.link, at)
  const unfinished = `${at}.${process.pid}`
  try {
    await writeFile(unfinished, laid.script)
    await chmod(unfinished, 0o755)
    await link(unfinished, at)
  } finally {
    await rm(unfinished, { force: true })
  }
}

/** The first `hearth` that a terminal would start. */
function findOnPath(path: string): string | undefined {
  const names = process.platform === 'win32' ? ['hearth.exe', 'hearth.cmd'] : ['hearth']
  return path
    .split(delimiter)
    .filter(Boolean)
    .flatMap(folder => names.map(name => join(folder, name)))
    .find(file => may(file, constants.X_OK) && statSync(file).isFile())
}

const writable = (folder: string): boolean => may(folder, constants.W_OK)

function may(path: string, what: number): boolean {
  try {
    accessSync(path, what)
    return true
  } catch {
    return false
  }
}
