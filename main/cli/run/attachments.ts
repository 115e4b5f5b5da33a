import { readFile, stat } from 'node:fs/promises'
import { CommandError } from '../command-error.ts'

/**
 * Paths in a prompt, which begin with `/`, `./`, a backslash or a drive and end as a picture or a sound does; spaces
 * may be escaped or not (upstream cmd/interactive.go). What there is no file for was no path.
 */
const mediaPath = /(?:[a-zA-Z]:)?(?:\.{0,2}\/|\\)[\S\\ ]+?\.(?:jpg|jpeg|png|webp|gif|bmp|wav|mp3|flac)\b/gi

/** Bytes of one file. */
const largestFile = 100_000_000

export interface Attached {
  /** The prompt without the paths. */
  readonly prompt: string
  /** Base64, in order. */
  readonly images: readonly string[]
  /** Paths of the files. */
  readonly paths: readonly string[]
}

/**
 * Takes the pictures and sounds out of a prompt that names their files.
 * @throws CommandError for a file too large, or as node:fs for one that cannot be read
 */
export async function attach(prompt: string): Promise<Attached> {
  let rest = prompt
  const images: string[] = []
  const paths: string[] = []
  for (const written of prompt.match(mediaPath) ?? []) {
    const path = unescaped(written)
    const found = await stat(path).catch(() => undefined)
    if (!found?.isFile()) continue
    if (found.size > largestFile) throw new CommandError(`${path} is larger than 100 MB`)
    images.push((await readFile(path)).toString('base64'))
    paths.push(path)
    for (const form of [`'${written}'`, `"${written}"`, written]) rest = rest.replaceAll(form, '')
  }
  return { prompt: rest.trim(), images, paths }
}

/** What a shell, or a file manager a path was dragged from, escapes. */
function unescaped(path: string): string {
  return path.replace(/\\([ ()[\]{}$&;'"*?!~`\\])/g, '$1').replaceAll('%20', ' ')
}
