import { posix, win32 } from 'node:path'

/**
 * The folder of the person's data: HEARTH_HOME, else the platform's place for an application's data
 * ($XDG_DATA_HOME/hearth, ~/Library/Application Support/Hearth, %APPDATA%\Hearth).
 *
 * @param platform as process.platform
 * @param homeDirectory as os.homedir()
 * @returns an absolute path; the folder may not exist yet
 */
export function hearthHome(env: NodeJS.ProcessEnv, platform: NodeJS.Platform, homeDirectory: string): string {
  const { join, resolve, isAbsolute } = platform === 'win32' ? win32 : posix
  if (env.HEARTH_HOME) return resolve(env.HEARTH_HOME)
  if (platform === 'win32') return join(env.APPDATA || join(homeDirectory, 'AppData', 'Roaming'), 'Hearth')
  if (platform === 'darwin') return join(homeDirectory, 'Library', 'Application Support', 'Hearth')
  // The XDG base directory specification tells to ignore a relative path.
  const data =
    env.XDG_DATA_HOME && isAbsolute(env.XDG_DATA_HOME) ? env.XDG_DATA_HOME : join(homeDirectory, '.local', 'share')
  return join(data, 'hearth')
}
