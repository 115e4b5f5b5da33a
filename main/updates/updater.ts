/**
 * What fetches and installs newer versions; under Electron it is electron-updater (main/desktop/electron-updater.ts).
 */
export interface Updater {
  /** Installing asks the person for nothing: no password, no dialog. */
  readonly silent: boolean
  /** @returns the version of a newer Hearth; undefined when this is the newest. Rejects when that cannot be learned */
  check(): Promise<string | undefined>
  /**
   * Fetches what `check` found, and verifies it.
   *
   * @param onProgress fraction that is here, from 0 to 1
   */
  download(onProgress: (fraction: number) => void): Promise<void>
  /**
   * Puts the downloaded version in the running one's place, and ends the process.
   *
   * @returns false when it could not, as when the person gave no password; the process goes on to its own end then
   */
  install(options: { restart: boolean }): boolean
}
