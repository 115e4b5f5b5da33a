import { lstatSync, readFileSync, readlinkSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from '../../preload/contract.ts'
import type { Packaging } from './packaging.ts'

/** Where the command `hearth` lies, or would be laid. */
export interface CommandPlace {
  readonly at: string
  /** What Hearth lays there; undefined where a package or the installer does. */
  readonly laid?: Laid
}
export type Laid = { readonly link: string } | { readonly script: string }

/** By its first lines a later Hearth knows the script as its own, and which AppImage it starts. */
const scriptHead = "#!/bin/sh\n# Laid by Hearth, for its AppImage.\napp='"

/**
 * @param resources the folder app.asar lies in
 * @returns undefined for a copy that has no command: from source, and portable ones
 */
export function commandPlace(packaging: Packaging, resources: string, userHome: string): CommandPlace | undefined {
  const launcher = join(resources, 'bin', 'hearth')
  const ofPerson = join(userHome, '.local', 'bin', 'hearth')
  switch (packaging.kind) {
    case 'package':
      return { at: '/usr/bin/hearth' }
    case 'installer':
      return { at: `${launcher}.cmd` }
    case 'mac':
      return { at: '/usr/local/bin/hearth', laid: { link: launcher } }
    case 'folder':
      return { at: ofPerson, laid: { link: launcher } }
    case 'appimage':
      return { at: ofPerson, laid: { script: appImageScript(packaging.file) } }
    default:
      return undefined
  }
}

/**
 * Its content is mounted elsewhere at each start, so the file itself is started, as the launcher does (assets/command).
 */
function appImageScript(file: string): string {
  return `${scriptHead}${file.replaceAll("'", `'\\''`)}'
if [ ! -x "$app" ]; then
  echo "hearth: $app is not there any more. Open Hearth and install the command again, in the settings." >&2
  exit 127
fi
exec "$app" --command --no-sandbox --no-zygote --ozone-platform=headless --disable-gpu --log-level=3 -- "$@"
`
}

/** What lies where the command belongs; another copy of Hearth is known by the form of its link or script. */
export function whatLies({ at, laid }: CommandPlace): Command['laid'] {
  const entry = lstatSync(at, { throwIfNoEntry: false })
  if (entry === undefined) return 'nothing'
  if (laid === undefined) return 'this'
  if (entry.isSymbolicLink()) {
    const target = readlinkSync(at)
    if ('link' in laid && target === laid.link) return 'this'
    return /\/resources\/bin\/hearth$/i.test(target) ? 'other-hearth' : 'foreign'
  }
  const text = entry.isFile() && entry.size < 10_000 ? readFileSync(at, 'utf8') : ''
  if ('script' in laid && text === laid.script) return 'this'
  return text.startsWith(scriptHead) ? 'other-hearth' : 'foreign'
}

/** Whether a Hearth is there that the link or script of another copy starts. */
export function startsSomething(at: string): boolean {
  if (lstatSync(at).isSymbolicLink()) return statSync(at, { throwIfNoEntry: false }) !== undefined
  const quoted = readFileSync(at, 'utf8').slice(scriptHead.length).split("'\n", 1)[0] ?? ''
  return statSync(quoted.replaceAll(`'\\''`, "'"), { throwIfNoEntry: false }) !== undefined
}
