import { expect } from 'vitest'
import type { OutputFormat } from '../../../../../main/inference/prompt/output/format.ts'
import { createOutputParser } from '../../../../../main/inference/prompt/output/output-parser.ts'
import type { Tool } from '../../../../../main/inference/requests.ts'

/** What an answer came out as, its pieces put together. */
export interface Read {
  readonly content?: string
  readonly thinking?: string
  readonly calls?: readonly (readonly [name: string, args: Record<string, unknown>])[]
}

export interface Reading {
  readonly prompt?: string
  readonly tools?: readonly Tool[]
  readonly readsCalls?: boolean
}

/** A tool whose parameters are strings unless another type is given. */
export function tool(name: string, types: Readonly<Record<string, string | readonly string[]>> = {}): Tool {
  const properties = Object.fromEntries(Object.entries(types).map(([key, type]) => [key, { type }]))
  return { type: 'function', function: { name, parameters: { type: 'object', properties } } }
}

export const weather = tool('get_weather', { city: 'string', days: 'integer', deep: 'object' })

function readPieces(format: OutputFormat, pieces: readonly string[], reading: Reading): Read {
  const tools = reading.tools ?? [weather, tool('now')]
  const context = { tools, prompt: reading.prompt ?? '', readsCalls: reading.readsCalls ?? true }
  const parser = createOutputParser({ format, context, thinks: false }, () => 0)
  const parsed = [...pieces.flatMap(piece => parser.push(piece)), ...parser.end()]
  const calls = parsed.flatMap(piece => piece.toolCalls ?? [])
  for (const [index, call] of calls.entries()) {
    expect(call.function.index).toBe(index)
    expect(call.id).toBe('call_aaaaaaaa')
  }
  const content = parsed.map(piece => piece.content ?? '').join('')
  const thinking = parsed.map(piece => piece.thinking ?? '').join('')
  return {
    ...(content ? { content } : {}),
    ...(thinking ? { thinking } : {}),
    ...(calls.length > 0 ? { calls: calls.map(call => [call.function.name, call.function.arguments] as const) } : {}),
  }
}

/**
 * Reads an answer whole, one character at a time, and cut in two at every place; all must give the same, or a client
 * would see something else on a faster machine.
 */
export function read(format: OutputFormat, answer: string, reading: Reading = {}): Read {
  const whole = readPieces(format, [answer], reading)
  expect(readPieces(format, [...answer], reading), 'one character at a time').toEqual(whole)
  for (let cut = 1; cut < answer.length; cut++) {
    expect(readPieces(format, [answer.slice(0, cut), answer.slice(cut)], reading), `cut at ${cut}`).toEqual(whole)
  }
  return whole
}
