import { describe, expect, test } from 'vitest'
import { templateMessages, templateTools } from '../../../../../main/inference/prompt/go-data.ts'
import { executeTemplate } from '../../../../../main/inference/prompt/go-template/evaluator.ts'
import { functionNames } from '../../../../../main/inference/prompt/go-template/functions.ts'
import { parseTemplate } from '../../../../../main/inference/prompt/go-template/parser.ts'
import { GoMap, GoSlice, type GoValue } from '../../../../../main/inference/prompt/go-template/values.ts'
import type { Tool } from '../../../../../main/inference/requests.ts'
import recorded from './go-cases.json' with { type: 'json' }

/**
 * What Go's own text/template (1.26, missingkey=zero) gave for each template: output, parse error or execution error.
 * A case that fails here is a template that Ollama renders differently.
 */
interface Case {
  readonly template: string
  readonly out?: string
  readonly parse?: string
  readonly exec?: string
  readonly chat?: boolean
}

function goValue(value: unknown): GoValue {
  if (Array.isArray(value)) return new GoSlice(value.map(goValue))
  if (typeof value !== 'object' || value === null) return value as GoValue
  // JSON knows floats only; Go's ints are written as { "$int": n }.
  if ('$int' in value) return BigInt(value.$int as number)
  return new GoMap(new Map(Object.entries(value).map(([key, item]) => [key, goValue(item)])))
}

function data(chat: boolean): GoValue {
  if (!chat) return goValue(recorded.data)
  const messages = recorded.messages.map(message => ({
    role: message.Role,
    content: message.Content,
    thinking: message.Thinking,
    toolName: message.ToolName,
    toolCallId: message.ToolCallID,
    toolCalls: message.ToolCalls?.map(({ ID, Function: call }) => ({
      id: ID,
      function: { index: call.Index, name: call.Name, arguments: call.Arguments },
    })),
  }))
  const entries: [string, GoValue][] = [
    ['Messages', templateMessages(messages)],
    ['Tools', templateTools(recorded.tools as unknown as Tool[])],
    ['Response', ''],
  ]
  return new GoMap(new Map(entries))
}

function run({ template, chat }: Case): Omit<Case, 'template' | 'chat'> {
  let parsed: ReturnType<typeof parseTemplate>
  try {
    parsed = parseTemplate(template, functionNames)
  } catch (error) {
    return { parse: (error as Error).message }
  }
  try {
    const now = () => new Date(2026, 0, 1, 12)
    return { out: executeTemplate(parsed, data(chat ?? false), { source: template, now }) }
  } catch (error) {
    return { exec: (error as Error).message }
  }
}

describe('templates give what Go gives', () => {
  test.each(recorded.cases as Case[])('$template', recordedCase => {
    const { template: _, chat: __, ...expected } = recordedCase
    expect(run(recordedCase)).toEqual(expected)
  })
})
