/** A package for Linux: what it is called, what it needs, and which files go where. */
export interface LinuxPackage {
  readonly name: string
  /** As dpkg and rpm compare versions: `1.0.0~beta.1` comes before `1.0.0`. */
  readonly version: string
  /** In Debian's words: amd64, arm64. */
  readonly architecture: string
  readonly maintainer: string
  readonly homepage: string
  readonly license: string
  /** Debian's section or rpm's group. */
  readonly category: string
  /** One line. */
  readonly synopsis: string
  readonly description: string
  readonly depends: readonly string[]
  readonly recommends: readonly string[]
  /** Shell scripts, run as root. */
  readonly afterInstall?: string
  readonly afterRemove?: string
  /** From a file, or a folder's content (its path ends in `/`), to an absolute path on the person's computer. */
  readonly files: readonly { readonly from: string; readonly to: string }[]
  /** `fast` is for tests. */
  readonly compression: 'small' | 'fast'
  /** The file to be written. */
  readonly path: string
}
