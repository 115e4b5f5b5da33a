/** What is told, and what is found, of a text in Markdown. */

/** The line a block of code begins or ends with. */
const fence = /^[ \t]{0,8}(?:```|~~~).{0,100}$/gm

/** A picture or link: its words, and its address. */
const link = /!?\[([^[\]\n]{0,1000})\]\(([^()\s]{0,2000})(?:[ \t]"[^"\n]{0,500}")?\)/g

/**
 * A mark that begins or ends what is emphasised. What it begins with says nothing new, and finds the few marks at once.
 */
const emphasis = /(?=[*_])(?:(?<![\p{L}\p{N}*_\\])(?:\*|__?)(?=[^\s*_])|(?<=[^\s*_\\])(?:\*|__?)(?![\p{L}\p{N}*_]))/gu

/**
 * What a person would read of Markdown: its words without the marks around them. Blocks of code, formulas and HTML stay
 * as they are written: what comes out is text, whatever it holds. Every pattern is bounded, so that no text takes
 * longer than its length.
 */
export const plainText = (markdown: string): string =>
  markdown
    .split(fence)
    .map((part, index) => (index % 2 === 0 ? withoutMarks(part) : part))
    .join('')

/** The addresses of its pictures and links, which are not read: a line each. */
export const linkAddresses = (markdown: string): string =>
  [...markdown.matchAll(link)].map(([, , address]) => address).join('\n')

function withoutMarks(markdown: string): string {
  return (
    markdown
      // Rules, and the line below the head of a table.
      .replace(/^[ \t]{0,8}(?:[-*_][ \t]{0,3}){3,80}$/gm, '')
      .replace(/^[ \t]{0,8}\|?[ \t]{0,3}:?-[-:| \t]{1,500}$/gm, '')
      // What a line begins with: quotes, headings, lists with their boxes.
      .replace(/^[ \t]{0,8}(?:>[ \t]?){1,8}/gm, '')
      .replace(/^[ \t]{0,8}#{1,6}[ \t]+/gm, '')
      .replace(/^[ \t]{0,40}(?:[-*+]|\d{1,9}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?/gm, '')
      .replace(/^[ \t]{0,8}\|[ \t]?|[ \t]?\|[ \t]{0,8}$/gm, '')
      .replace(/[ \t]\|[ \t]/g, ' · ')
      // Pictures and links by their words.
      .replace(link, '$1')
      // Strong, struck out, code; then what is emphasised, which a single mark inside a word or between numbers is not.
      .replace(/\*\*(?=\S)|(?<=\S)\*\*|~~(?=\S)|(?<=\S)~~|`+/g, '')
      .replace(emphasis, '')
  )
}
