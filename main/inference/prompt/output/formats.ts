import { remembered } from '../remembered.ts'
import { apertusCalls, jsonAfter, jsonBetween } from './calls/bracketed-json.ts'
import { deepseekCalls, kimiCalls, solarCalls } from './calls/deepseek-calls.ts'
import { functionGemmaCalls, gemma4Calls } from './calls/gemma-calls.ts'
import { invokeCalls, namedFunctionCalls } from './calls/invoke-calls.ts'
import { llamaCalls } from './calls/llama-calls.ts'
import { minimaxCalls } from './calls/minimax-calls.ts'
import { mistralCalls } from './calls/mistral-calls.ts'
import { pythonBetween } from './calls/python-blocks.ts'
import {
  anyToolCalls,
  argumentToolCalls,
  functionTags,
  functionToolCalls,
  hunyuanCalls,
  jsonToolCalls,
} from './calls/tool-call-tag.ts'
import { xtmlCalls } from './calls/xtml-calls.ts'
import type { OutputFormat, ThinkingTags } from './format.ts'
import { functionary } from './functionary.ts'
import { glimmer } from './glimmer.ts'
import { harmony } from './harmony.ts'
import { type MarkerFormat, markerFormat } from './marker-reader.ts'

/** One row of the table. */
interface FormatRow {
  /** The parsers of a manifest's config that mean this format (upstream model/parsers/parsers.go). */
  readonly names: readonly string[]
  /** Texts of a Jinja template that give the format away, for models that name no parser; all must be there. */
  readonly signature?: readonly string[]
  readonly format: OutputFormat
}

const think: ThinkingTags = { open: '<think>', close: ['</think>'] }

const lfmCalls = pythonBetween('<|tool_call_start|>', '<|tool_call_end|>')
const olmoCalls = pythonBetween('<function_calls>', '</function_calls>')

/** A row of a marker format. */
function row(names: readonly string[], format: MarkerFormat, ...signature: readonly string[]): FormatRow {
  return { names, format: markerFormat(format), signature: signature.length > 0 ? signature : undefined }
}

/**
 * Every way of writing thinking and tool calls that Hearth reads. A signature is looked for from top to bottom, so the
 * rarer one stands first. To add a format: write its call syntax under calls/, a row here and samples in the test.
 */
export const formatRows: readonly FormatRow[] = [
  { names: ['harmony'], format: harmony, signature: ['<|channel|>', '<|start|>', '<|message|>'] },
  { names: ['glimmer'], format: glimmer, signature: ['<atem:function_calls>'] },
  { names: [], format: functionary, signature: ['>>>all', '>>>${recipient}'] },
  { names: ['passthrough'], format: markerFormat({}) },

  row(
    ['gemma4'],
    {
      thinking: { open: '<|channel>thought', close: ['<channel|>'] },
      thinkingAnywhere: true,
      calls: gemma4Calls,
      callsEndThinking: true,
      hidden: ['<channel|>', '<|tool_response>'],
    },
    '<|tool_call>',
    '<tool_call|>',
  ),
  row(['gemma4-no-thinking'], { calls: gemma4Calls, hidden: ['<|channel>thought\n<channel|>', '<|tool_response>'] }),
  row(['functiongemma'], { calls: functionGemmaCalls }, '<start_function_call>'),
  row(
    ['deepseek3', 'deepseek3.1', 'cogito'],
    { thinking: think, calls: deepseekCalls, callsEndThinking: true },
    '<｜tool▁call▁begin｜>',
  ),
  row(
    [],
    { thinking: think, calls: kimiCalls, callsEndThinking: true },
    '<|tool_call_begin|>',
    '<|tool_call_argument_begin|>',
  ),
  row(
    [],
    {
      thinking: { open: '<|open|>think<|sep|>', close: ['<|close|>think<|sep|>'] },
      answerOpen: '<|open|>response<|sep|>',
      calls: xtmlCalls,
      hidden: ['<|open|>response<|sep|>', '<|close|>response<|sep|>', '<|close|>message<|sep|>', '<|end_of_msg|>'],
    },
    '<|open|>',
    '<|close|>',
    '<|end_of_msg|>',
  ),
  row(
    [],
    {
      thinking: { open: '<|think|>', close: ['<|end|>'] },
      thinkingAnywhere: true,
      answerOpen: '<|begin|>assistant<|content|>',
      calls: solarCalls,
      hidden: ['<|begin|>assistant', '<|content|>', '<|end|>'],
    },
    '<|tool_call:begin|>',
    '<|think|>',
  ),
  row(
    ['cohere'],
    {
      thinking: { open: '<|START_THINKING|>', close: ['<|END_THINKING|>'] },
      thinkingAnywhere: true,
      calls: jsonBetween('<|START_ACTION|>', '<|END_ACTION|>'),
      hidden: ['<|START_RESPONSE|>', '<|END_RESPONSE|>', '<|START_TEXT|>', '<|END_TEXT|>'],
    },
    '<|START_ACTION|>',
  ),
  row(
    ['ministral'],
    { thinking: { open: '[THINK]', close: ['[/THINK]'] }, thinkingAnywhere: true, calls: mistralCalls },
    '[TOOL_CALLS]',
  ),
  row(['lfm2'], { calls: lfmCalls }),
  row(['lfm2-thinking'], { thinking: think, calls: lfmCalls }, '<|tool_call_start|>'),
  row([], { thinking: think, calls: lfmCalls }, '<|tool_list_start|>'),
  row([], { thinking: think, calls: lfmCalls }, 'List of tools: ['),
  row(['olmo3'], { calls: olmoCalls }),
  row(['olmo3-think'], { thinking: think, calls: olmoCalls }, '<function_calls>'),
  row([], { thinking: { open: '<mm:think>', close: ['</mm:think>'] }, calls: minimaxCalls }, ']<]minimax[>['),
  row([], { thinking: think, calls: invokeCalls('minimax:tool_call') }, '<minimax:tool_call>'),
  row(
    [],
    { thinking: think, calls: invokeCalls('｜DSML｜function_calls', '｜DSML｜'), callsEndThinking: true },
    '｜DSML｜',
    'function_calls>',
  ),
  row(
    [],
    { thinking: think, calls: invokeCalls('｜DSML｜tool_calls', '｜DSML｜'), callsEndThinking: true },
    '｜DSML｜',
    'tool_calls>',
  ),
  row(
    [],
    {
      thinking: { open: '<seed:think>', close: ['</seed:think>'] },
      calls: functionTags,
    },
    '<seed:tool_call>',
  ),
  row(
    [],
    { thinking: { open: '<|inner_prefix|>', close: ['<|inner_suffix|>'] }, calls: apertusCalls },
    '<|tools_prefix|>',
  ),
  row([], { thinking: think, calls: jsonBetween('<TOOLCALL>', '</TOOLCALL>') }, '<TOOLCALL>'),
  row([], { calls: jsonBetween('<|tool_call|>', '<|/tool_call|>') }, '<|tool_call|>', '<|/tool_call|>'),
  row(
    [],
    { thinking: think, calls: jsonAfter('<|tool_call|>'), hidden: ['<response>', '</response>'] },
    '<|tool_call|>',
    '<response>',
  ),
  row([], { thinking: think, calls: jsonAfter('<|tool_call|>') }, '<|tool_call|>'),
  row([], { calls: jsonAfter('<|function_call|>') }, '<|function_call|>'),
  row([], { calls: jsonAfter('<|message_sep|>\n\nfunction call<|role_sep|>\n') }, 'function call', '<|role_sep|>'),
  row([], { calls: jsonBetween('Action:\n```json', '```') }, 'Action:', '```json', '"tool_name"'),
  row(
    [],
    {
      thinking: { open: 'Here are my reasoning steps:', close: ['[BEGIN FINAL RESPONSE]'] },
      calls: jsonBetween('<tool_calls>', '</tool_calls>'),
      hidden: ['[END FINAL RESPONSE]'],
    },
    '[BEGIN FINAL RESPONSE]',
    '<tool_calls>',
  ),
  row([], { thinking: think, calls: jsonBetween('<tool_calls>', '</tool_calls>') }, '<tool_calls>', '</tool_calls>'),
  row([], { calls: jsonAfter('functools') }, 'functools['),

  row(
    [],
    {
      thinking: { open: '<think:opensource>', close: ['</think:opensource>'] },
      calls: hunyuanCalls,
      callsEndThinking: true,
    },
    '<tool_sep{}>',
    ':opensource',
  ),
  row([], { thinking: think, calls: namedFunctionCalls, callsEndThinking: true }, '<function name="', '<param name="'),
  row(
    ['glm-4.7', 'glm-ocr', 'laguna', 'poolside-v1'],
    { thinking: think, calls: argumentToolCalls, callsEndThinking: true, hidden: ['</assistant>'] },
    '<arg_key>',
  ),
  row(['qwen3-coder'], { calls: functionToolCalls }),
  row(
    ['qwen3.5', 'ornith', 'nemotron-3-nano', 'nemotron-3.5-nano'],
    { thinking: think, calls: functionToolCalls, callsEndThinking: true },
    '<tool_call>',
    '<function=',
  ),
  row(['qwen3-vl-instruct'], { calls: jsonToolCalls }),
  row(['qwen3', 'qwen3-thinking', 'qwen3-vl-thinking'], {
    thinking: think,
    calls: jsonToolCalls,
    callsEndThinking: true,
  }),
  row([], { thinking: think, calls: anyToolCalls }, '<tool_call>'),
  row([], { thinking: think, calls: functionTags }, '<function='),
  row([], { thinking: think, calls: llamaCalls }, '<|python_tag|>'),
  row([], { calls: llamaCalls }, '"parameters": dictionary of argument name and its value'),
]

/** The format of a parser that a manifest names; undefined for an unknown name, which upstream ignores too. */
export function namedFormat(name: string): OutputFormat | undefined {
  return formatRows.find(candidate => candidate.names.includes(name))?.format
}

const otherThinking: readonly ThinkingTags[] = [
  think,
  { open: '[THINK]', close: ['[/THINK]'] },
  { open: '<seed:think>', close: ['</seed:think>'] },
]

/** The format of a model that is only known by its Jinja template. */
export const inferredFormat = remembered((chatTemplate): OutputFormat => {
  const found = formatRows.find(({ signature }) => signature?.every(text => chatTemplate.includes(text)))
  if (found) return found.format
  // No calls are recognised; thinking still is.
  const thinking = otherThinking.find(({ close }) => chatTemplate.includes(close[0]!))
  return markerFormat({ thinking })
})
