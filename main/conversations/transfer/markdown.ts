import { isDocument } from '../../attachments/document.ts'
import { oneLine } from '../../one-line.ts'
import type { StoredMessage } from '../rows.ts'
import type { ExportWords } from './words.ts'

/** The file of a picture, as a relative address of letters that need no escaping; undefined where there is none. */
export type PictureAt = (hash: string) => string | undefined

/**
 * The shown path of a chat as Markdown, a message at a time: a heading with who wrote it, its time, the text. Thinking
 * and other versions are left to the JSON. A picture without a file is named.
 */
export function* markdownOf(
  title: string,
  path: readonly StoredMessage[],
  words: ExportWords,
  pictureAt: PictureAt = () => undefined,
): Generator<string> {
  const dates = new Intl.DateTimeFormat(words.language, { dateStyle: 'medium', timeStyle: 'short' })
  yield `# ${plain(oneLine(title) || words.untitled)}\n`
  for (const message of path) {
    const { role, content, createdAt, state, toolCalls, attachments } = message
    if (content.trim() === '' && toolCalls.length === 0 && attachments.length === 0) continue
    yield `\n## ${plain(writerOf(message, words))}\n\n*${dates.format(createdAt)}*\n\n`
    for (const attachment of attachments) {
      const file = pictureAt(attachment.hash)
      const called = plain(oneLine(attachment.name))
      const [what, sign] = isDocument(attachment) ? [words.document, ''] : [words.picture, '!']
      yield file === undefined ? `> *${what} ${called}*\n>\n` : `> ${sign}[${called}](${file})\n>\n`
    }
    if (role !== 'assistant') yield `${quoted(content)}\n`
    else if (content.trim() !== '') {
      yield state === 'complete' ? `${closed(content)}\n` : `${closed(content)}\n\n*${words.unfinished}*\n`
    }
    for (const { name, arguments: given } of toolCalls) {
      const json = JSON.stringify(given, null, 2).replaceAll('`', '\\u0060')
      yield `\n*${words.calls} ${plain(oneLine(name))}*\n\n\`\`\`json\n${json}\n\`\`\`\n`
    }
  }
}

function writerOf({ role, model, tool }: StoredMessage, words: ExportWords): string {
  if (role === 'user') return words.you
  if (role === 'system') return words.system
  if (role === 'tool') return `${words.result} ${oneLine(tool?.name ?? '')}`.trim()
  return oneLine(model) || words.model
}

/** One line of plain text: what Markdown would take for markup is escaped. */
function plain(line: string): string {
  return line.replace(/[\\`*_[\]<>&~$|]/g, '\\$&').replace(/#+$/, '\\$&')
}

/** The person's own text, line for line; a quote ends by itself whatever was left open in it. */
function quoted(text: string): string {
  const lines = linesOf(text.trim()).map(line => line.trimEnd())
  // Two spaces at its end keep a line from running on into the next.
  return lines.map((line, at) => (line && lines[at + 1] ? `> ${line}  ` : `> ${line}`.trimEnd())).join('\n')
}

/** A fence of code: up to three spaces, three or more of one sign, for backticks none in the rest of the line. */
const fence = /^ {0,3}(`{3,}(?=[^`]*$)|~{3,})(.*)$/
/** HTML that goes on over empty lines until it is closed (CommonMark, HTML blocks 1 to 5). */
const openHtml = /^( {0,3})<(?=!|\?|(?:script|pre|style|textarea)(?:[\s>]|$))/i

/** An answer as the model wrote it, with what it left open closed, so that the next message stands by itself. */
function closed(text: string): string {
  let open: string | undefined
  const lines = linesOf(text.trim()).map(line => {
    const [, marks = '', rest = ''] = fence.exec(line) ?? []
    if (open === undefined) {
      if (marks) open = marks
      else return line.replace(openHtml, '$1\\<')
    } else if (marks.startsWith(open) && rest.trim() === '') open = undefined
    return line
  })
  return [...lines, ...(open === undefined ? [] : [open])].join('\n')
}

const linesOf = (text: string): string[] => text.split(/\r\n?|\n/)
