import type { ToolCall } from '../../requests.ts'
import type { OutputFormat, Piece, ReaderContext } from './format.ts'
import { markerFormat } from './marker-reader.ts'
import { tagsIn } from './special-texts.ts'
import { TidyText } from './tidy-text.ts'

/** A piece of an answer, told apart. */
export interface Parsed {
  readonly content?: string
  readonly thinking?: string
  readonly toolCalls?: readonly ToolCall[]
}

/**
 * Takes the text of an answer as it is generated. The pieces put together are the same however the text was cut, and
 * nothing is held back longer than it could still become a marker.
 */
export interface OutputParser {
  /** @throws Problem 500 when a call cannot be read in a format whose calls must be */
  push(text: string): Parsed[]
  /** The answer is over: what was held back comes out. */
  end(): Parsed[]
}

/** How to read the answer to one prompt; made by rendering it. */
export interface OutputPlan {
  readonly format: OutputFormat
  readonly context: ReaderContext
  /** Names of functions as the model was told them, by the names the request gave them. */
  readonly toolNames?: ReadonlyMap<string, string>
  /** The answer may begin with thinking, to which a grammar must not apply. */
  readonly thinks: boolean
  /** Tags of the format are taken out of the text: for people, not for programs that look for them. */
  readonly tidies?: boolean
}

/** Everything is content. */
const plainOutput: OutputPlan = {
  format: markerFormat({}),
  context: { tools: [], prompt: '', readsCalls: false },
  thinks: false,
}

/** @param random uniform in [0, 1), for the ids of calls */
export function createOutputParser(plan: OutputPlan = plainOutput, random: () => number = Math.random): OutputParser {
  const reader = plan.format.reader(plan.context)
  const tidy = plan.tidies ? new TidyText(plan.format.markers.flatMap(tagsIn)) : undefined
  let calls = 0
  const parsed = (piece: Piece): Parsed[] => {
    if (piece.type === 'content') return contentOf(tidy ? tidy.push(piece.text) : piece.text)
    if (piece.type === 'thinking') return [{ thinking: piece.text }]
    const name = plan.toolNames?.get(piece.name) ?? piece.name
    return [{ toolCalls: [{ id: callId(random), function: { index: calls++, name, arguments: piece.arguments } }] }]
  }
  return {
    push: text => reader.push(text).flatMap(parsed),
    end: () => [...reader.end().flatMap(parsed), ...contentOf(tidy?.end() ?? '')],
  }
}

function contentOf(text: string): Parsed[] {
  return text === '' ? [] : [{ content: text }]
}

const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789'

/** `call_` and eight characters of a-z0-9 (upstream server/routes.go). */
function callId(random: () => number): string {
  return `call_${Array.from({ length: 8 }, () => alphabet[Math.floor(random() * alphabet.length)]).join('')}`
}
