/**
 * Models write mathematics as `$x$`, `\(x\)` and `\[x\]`; the parser takes only `$$x$$`, because a single dollar is
 * usually money. This turns the first three into the last, outside code.
 *
 * A single dollar opens only before a non-space and closes only after a non-space and not before a digit, on the same
 * line (pandoc's rule for tex_math_dollars): "$5 and $10" stays money.
 */
export function mathDelimiters(markdown: string): string {
  if (!/[$]|\\[([]/.test(markdown)) return markdown
  return markdown.replace(
    codeOrMath,
    (whole, code?: string, _ticks?: string, block?: string, inline?: string, dollar?: string) => {
      if (code !== undefined) return whole
      if (block !== undefined) return block.includes('\n') ? `$$\n${block.trim()}\n$$` : `$$${block}$$`
      const inner = inline ?? dollar
      return inner === undefined ? whole : `$$${inner}$$`
    },
  )
}

const fence = String.raw`^[ \t>]*(?:\x60{3,}|~{3,})[^\n]*\n[\s\S]*?(?:^[ \t>]*(?:\x60{3,}|~{3,})[ \t]*$|$(?![\s\S]))`
const codeSpan = String.raw`(?<!\x60)(\x60+)(?!\x60)[\s\S]*?[^\x60]\2(?!\x60)`
const codeOrMath = new RegExp(
  [
    `(${fence}|${codeSpan}|\\$\\$[\\s\\S]*?\\$\\$)`,
    // No second opening inside: a thousand openings without an end stay linear.
    String.raw`\\\[((?:(?!\\\[)[\s\S])+?)\\\]`,
    String.raw`\\\(((?:(?!\\\()[^\n])+?)\\\)`,
    String.raw`(?<![\\$\w])\$(?=[^\s$])((?:[^$\n\\]|\\.)*(?:[^\s$\\]|\\.))\$(?![\d$])`,
  ].join('|'),
  'gm',
)
