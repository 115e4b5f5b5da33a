import type { AnswerPiece } from '../api.ts'
import { printable } from '../printable.ts'
import { columnsOf, grey, isScreen, type Terminal } from '../terminal.ts'
import { timingLines } from './timings.ts'
import { WordWrap } from './word-wrap.ts'

export interface AnswerStyle {
  readonly wordWrap: boolean
  readonly hideThinking: boolean
  readonly verbose: boolean
}

export interface WrittenAnswer {
  readonly content: string
  readonly thinking: string
}

/**
 * Writes an answer while it comes, as one continuous text: thinking first, told apart, then what is answered.
 * @param signal of the person who wants no more of it; what was written until then is returned
 */
export async function writeAnswer(
  pieces: AsyncIterable<AnswerPiece>,
  terminal: Terminal,
  style: AnswerStyle,
  signal: AbortSignal,
): Promise<WrittenAnswer> {
  const { output, env } = terminal
  const screen = isScreen(output, env)
  const wrap = style.wordWrap && screen ? new WordWrap(() => columnsOf(output)) : undefined
  const shown = (text: string) => (wrap ? wrap.push(printable(text)) : output.isTTY ? printable(text) : text)
  let content = ''
  let thinking = ''
  let thoughtOpen = false
  const endThought = () => {
    if (!thoughtOpen) return
    thoughtOpen = false
    const gap = thinking.endsWith('\n') ? '' : '\n'
    output.write(`${shown(gap)}${grey(shown('...done thinking.'), output, env)}${shown('\n\n')}`)
  }
  let last: AnswerPiece = {}
  try {
    for await (const piece of pieces) {
      last = piece
      const thought = piece.message?.thinking ?? piece.thinking ?? ''
      const text = piece.message?.content ?? piece.response ?? ''
      if (thought !== '' && !style.hideThinking) {
        if (!thoughtOpen) output.write(`${grey(shown('Thinking...'), output, env)}${shown('\n')}`)
        thoughtOpen = true
        output.write(grey(shown(thought), output, env))
      }
      thinking += thought
      if (text === '') continue
      endThought()
      content += text
      output.write(shown(text))
    }
  } catch (error) {
    if (!signal.aborted) throw error
  } finally {
    endThought()
    if (content !== '') output.write('\n')
  }
  if (screen && content !== '') output.write('\n')
  if (style.verbose) terminal.errors.write(`${timingLines(last)}${screen ? '\n' : ''}`)
  return { content, thinking }
}
