/**
 * What a person would read of Markdown: its words without the marks around them. Code, formulas and HTML stay as they
 * are written: an excerpt is text, whatever it holds. Every pattern is bounded, so that no text takes longer than its
 * length.
 */
export function plainText(markdown: string): string {
  return (
    markdown
      // The fences of code, rules, and the line below the head of a table.
      .replace(/^[ \t]{0,8}(?:```|~~~).{0,100}$/gm, '')
      .replace(/^[ \t]{0,8}(?:[-*_][ \t]{0,3}){3,80}$/gm, '')
      .replace(/^[ \t]{0,8}\|?[ \t]{0,3}:?-[-:| \t]{1,500}$/gm, '')
      // What a line begins with: quotes, headings, lists with their boxes.
      .replace(/^[ \t]{0,8}(?:>[ \t]?){1,8}/gm, '')
      .replace(/^[ \t]{0,8}#{1,6}[ \t]+/gm, '')
      .replace(/^[ \t]{0,40}(?:[-*+]|\d{1,9}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?/gm, '')
      .replace(/^[ \t]{0,8}\|[ \t]?|[ \t]?\|[ \t]{0,8}$/gm, '')
      .replace(/[ \t]\|[ \t]/g, ' · ')
      // Pictures and links by their words.
      .replace(/!?\[([^[\]\n]{0,1000})\]\([^()\s]{0,2000}(?:[ \t]"[^"\n]{0,500}")?\)/g, '$1')
      // Strong, struck out, code; then what is emphasised, which a single mark inside a word or between numbers is not.
      .replace(/\*\*(?=\S)|(?<=\S)\*\*|~~(?=\S)|(?<=\S)~~|`+/g, '')
      .replace(/(?<![\p{L}\p{N}*_\\])(?:\*|__?)(?=[^\s*_])|(?<=[^\s*_\\])(?:\*|__?)(?![\p{L}\p{N}*_])/gu, '')
  )
}
