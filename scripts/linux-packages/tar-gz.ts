import { run } from '../run.ts'

/**
 * What the other packages lay beside the app: how it updates itself, which an unpacked folder does not, and an
 * AppImage's own.
 */
const ofOtherPackages = ['resources/app-update.yml', 'resources/package-type', 'resources/apparmor-profile', 'usr']

/**
 * Packs a folder into a .tar.gz with the system's tar; electron-builder would download 7-Zip for it.
 *
 * @param options.top the one folder inside the archive
 * @throws Error with tar's output when it fails
 */
export async function writeTarGz(
  folder: string,
  path: string,
  options: { readonly top: string; readonly compression: 'small' | 'fast' },
): Promise<void> {
  const { top, compression } = options
  const packed = await run('tar', [
    ...['--create', '--file', path, '--use-compress-program', compression === 'small' ? 'gzip -9' : 'gzip -1'],
    ...['--owner=0', '--group=0', '--sort=name', '--transform', `flags=r;s,^\\.,${top},`],
    ...ofOtherPackages.map(name => `--exclude=./${name}`),
    ...['--directory', folder, '.'],
  ])
  if (packed.code !== 0) throw new Error(`tar failed: ${packed.output.trim()}`)
}
