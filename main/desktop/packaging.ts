import { existsSync, readFileSync } from 'node:fs'
import { join, sep } from 'node:path'

/** How this copy of Hearth came here, as far as it decides what it may change on the computer. */
export type Packaging =
  /** Not packed. */
  | { readonly kind: 'source' }
  /** deb and rpm: its files are root's, and the package manager's. */
  | { readonly kind: 'package'; readonly format: 'deb' | 'rpm' }
  /** One file, whose content is mounted somewhere else at each start. */
  | { readonly kind: 'appimage'; readonly file: string }
  /** tar.gz, unpacked wherever the person likes. */
  | { readonly kind: 'folder' }
  | { readonly kind: 'mac' }
  | { readonly kind: 'installer' }
  /** Windows, without an installation: unpacked for each start. */
  | { readonly kind: 'portable' }

interface Start {
  readonly packed: boolean
  readonly platform: string
  readonly env: NodeJS.ProcessEnv
  /** The running program. */
  readonly program: string
  /** The folder app.asar lies in. */
  readonly resources: string
}

export function packagingOf(start: Start): Packaging {
  const { packed, platform, env, resources } = start
  if (!packed) return { kind: 'source' }
  if (platform === 'darwin') return { kind: 'mac' }
  if (platform === 'win32') return { kind: env.PORTABLE_EXECUTABLE_FILE ? 'portable' : 'installer' }
  const file = appImageFile(env, start.program)
  if (file !== undefined) return { kind: 'appimage', file }
  // electron-builder writes it for deb and rpm alone, which share one folder: a tar.gz leaves it out.
  const mark = join(resources, 'package-type')
  const format = existsSync(mark) ? readFileSync(mark, 'utf8').trim() : undefined
  return format === 'deb' || format === 'rpm' ? { kind: 'package', format } : { kind: 'folder' }
}

/**
 * The AppImage that a program was started from. A program that another AppImage started has its APPIMAGE, too, so it
 * counts only together with the folder that is mounted.
 */
export function appImageFile(env: NodeJS.ProcessEnv, program: string): string | undefined {
  const { APPIMAGE, APPDIR } = env
  return APPIMAGE && APPDIR && program.startsWith(APPDIR + sep) ? APPIMAGE : undefined
}
