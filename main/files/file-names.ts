import { oneLine } from '../one-line.ts'

/** UTF-8 bytes of a name without its ending: file systems take 255, and some programs put more before it. */
const longest = 150

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** Signs that Windows takes in no name; / is macOS's and Linux's as well, : is Finder's. */
const forbidden = /[<>:"/\\|?*]/g
/** Devices of Windows, with whatever ending. */
const device = /^(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])(\.|\s*$)/i

/**
 * A title as the name of a file on Windows, macOS and Linux, without ending. Letters of every script are kept.
 * @param instead for a title that leaves nothing
 */
export function fileName(title: string, instead: string): string {
  const line = oneLine(title.normalize('NFC').replace(forbidden, ' '))
  let name = ''
  for (const { segment } of graphemes.segment(line.slice(0, longest))) {
    if (Buffer.byteLength(name + segment) > longest) break
    name += segment
  }
  // A dot or space at the end is dropped by Windows; one at the beginning hides a file elsewhere.
  name = name.replace(/^[.\s]+|[.\s]+$/g, '')
  if (device.test(name)) name = `_${name}`
  return name || instead
}

/** Gives each name once: file systems that ignore case would put one file over the other. */
export class UniqueNames {
  /** How often each was asked for. */
  readonly #asked = new Map<string, number>()

  /** @param path without ending. @returns it, with a number where it was given already */
  next(path: string): string {
    const key = path.toLowerCase()
    const before = this.#asked.get(key) ?? 0
    this.#asked.set(key, before + 1)
    // A title may end in a number of its own.
    return before === 0 ? path : this.next(`${path} (${before + 1})`)
  }
}
