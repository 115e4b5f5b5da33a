import { Problem } from '../../problem.ts'
import type { ChatMessage, Think, Tool } from '../requests.ts'
import { templateMessages, templateTools } from './go-data.ts'
import { cutAfterResponse } from './go-template/introspection.ts'
import type { GoTemplate } from './go-template/template.ts'
import { GoMap, type GoValue } from './go-template/values.ts'
import { collate, systemText } from './messages.ts'
import { goTemplate } from './parsed-templates.ts'

export interface GoRenderingOptions {
  readonly think: Think | undefined
  readonly now: () => Date
}

/** @throws Problem 500 with Go's text */
export function parseGoTemplate(source: string): GoTemplate {
  return inGoWords(() => goTemplate(source))
}

/**
 * A conversation through a Go template. One that knows `.Messages` gets them at once; an older one is run for each
 * turn, and what follows the place of the answer is cut off in the last (upstream template/template.go, Execute).
 * @throws Problem 500 with Go's text
 */
export function renderMessages(
  template: GoTemplate,
  { messages, tools }: { messages: readonly ChatMessage[]; tools: readonly Tool[] },
  options: GoRenderingOptions,
): string {
  const collated = collate(messages)
  return inGoWords(() => {
    if (!template.identifiers.has('messages')) return renderTurns(template, collated, options)
    const data = {
      System: systemText(messages),
      Messages: templateMessages(collated),
      Tools: templateTools(tools),
      Response: '',
    }
    return template.execute(values(data, options), options.now)
  })
}

/**
 * The gap between two texts (fill in the middle).
 * @throws Problem 500 with Go's text
 */
export function renderGap(
  template: GoTemplate,
  { prompt, suffix }: { prompt: string; suffix: string },
  options: GoRenderingOptions,
): string {
  const data = values({ Prompt: prompt, Suffix: suffix, Response: '' }, options)
  return inGoWords(() => template.execute(data, options.now))
}

function renderTurns(template: GoTemplate, messages: readonly ChatMessage[], options: GoRenderingOptions): string {
  let text = ''
  let turn = { System: '', Prompt: '', Response: '' }
  const flush = () => {
    text += template.execute(values(turn, options), options.now)
    turn = { System: '', Prompt: '', Response: '' }
  }
  for (const { role, content } of messages) {
    if (role === 'system') {
      if (turn.Prompt || turn.Response) flush()
      turn.System = content
    } else if (role === 'user') {
      if (turn.Response) flush()
      turn.Prompt = content
    } else if (role === 'assistant') turn.Response = content
  }
  const open = template.withRoot(cutAfterResponse(template.root))
  return text + open.execute(values(turn, options), options.now)
}

function values(data: Record<string, GoValue>, { think }: GoRenderingOptions): GoMap {
  const all = {
    ...data,
    Think: Boolean(think),
    ThinkLevel: think === true ? 'medium' : think || '',
    IsThinkSet: think !== undefined,
  }
  return new GoMap(new Map(Object.entries(all)))
}

/** A template's own fault is the server's answer, as upstream gives it. */
function inGoWords<T>(run: () => T): T {
  try {
    return run()
  } catch (error) {
    throw new Problem('invalid-request', 500, error instanceof Error ? error.message : String(error))
  }
}
