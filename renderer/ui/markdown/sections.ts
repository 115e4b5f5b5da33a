import { parseMarkdownIntoBlocks } from 'streamdown'

/** A text cut into stretches that are drawn apart from each other; joined they are the text. */
export interface Sections {
  /** They stay as they are however the text goes on. */
  readonly closed: readonly string[]
  /** The last one, which may grow. */
  readonly open: string
}

/** A section has so many blocks at least, and code units: the most messages are one section. */
const fewestBlocks = 16
const shortest = 1000

/** References to another place of the text: a text that has one stays whole. */
const reference = /\[\^[^\]\s]{1,200}\]|^ {0,3}\[[^\]\n]+\]:/m

/** What ends in a blank line, and is no heading, whose margin is another. */
const endsClearly = /^(?!#)[\s\S]*\n\n$/
/** However it goes on, after a blank line this begins a paragraph, and is no part of a list or a table before it. */
const beginsClearly = /^\p{L}/u

/**
 * Cuts a text so that what is written of a long answer is neither parsed nor compared again with every token. A block
 * that comes to stand in another section is drawn anew; so a text that grows is only cut before a last block that has
 * just begun, and one that has ended is not cut any more.
 * @param before the sections of the same text when it was shorter; undefined when it is drawn for the first time
 */
export function sectionsOf(text: string, growing: boolean, before?: Sections): Sections {
  const plain = text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text
  const known = before && begins(plain, before.closed) ? before.closed : []
  const open = plain.slice(lengthOf(known))
  if (reference.test(open)) return { closed: [], open: plain }
  if (open.length < shortest || (before && !growing)) return { closed: known, open }
  const blocks = parseMarkdownIntoBlocks(open)
  const closed = [...known]
  let from = 0
  for (let to = growing ? blocks.length - 1 : fewestBlocks; to < blocks.length; to += 1) {
    if (to - from < fewestBlocks) continue
    if (!beginsClearly.test(blocks[to] ?? '') || !endsClearly.test(blocks[to - 1] ?? '')) continue
    closed.push(blocks.slice(from, to).join(''))
    from = to
  }
  return { closed, open: blocks.slice(from).join('') }
}

const lengthOf = (sections: readonly string[]) => sections.reduce((length, section) => length + section.length, 0)

function begins(text: string, sections: readonly string[]): boolean {
  let at = 0
  return sections.every(section => {
    const stands = text.startsWith(section, at)
    at += section.length
    return stands
  })
}
