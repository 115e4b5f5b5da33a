import { describe, expect, test } from 'vitest'
import type { ChatMessage, Tool } from '../../../../main/inference/requests.ts'
import { facts, model, system, user } from './models.ts'
import { renderChat } from './rendered.ts'

interface Prompts {
  /** Of `hi`, when nothing is said of thinking. */
  readonly hi: string
  /** The same without thinking and with it, where that is something else. */
  readonly silent?: string
  readonly thinking?: string
  /** Of `round` with thinking, from its last question on. */
  readonly round: string
  /** What was thought before the last question is told. */
  readonly keepsThinking?: boolean
}

/**
 * What upstream's renderers write (model/renderers), and where those differ from release to release, the models' own
 * templates.
 */
const prompts: Readonly<Record<string, Prompts>> = {
  'qwen3-coder': {
    hi: '<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n',
    round:
      'Weather?<|im_end|>\n<|im_start|>assistant\n\n<tool_call>\n<function=get_weather>\n<parameter=city>\nParis\n</parameter>\n<parameter=days>\n3\n</parameter>\n</function>\n</tool_call>\n<tool_call>\n<function=get_weather>\n<parameter=city>\nRome\n</parameter>\n</function>\n</tool_call><|im_end|>\n<|im_start|>user\n<tool_response>\n18\n</tool_response>\n<tool_response>\n21\n</tool_response><|im_end|>\n<|im_start|>assistant\n',
  },
  'qwen3-vl-instruct': {
    hi: '<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n',
    thinking: '<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n<think>\n',
    round:
      'Weather?<|im_end|>\n<|im_start|>assistant\n<think>\nHm.<tool_call>\n{"name": "get_weather", "arguments": {"city": "Paris", "days": 3}}\n</tool_call>\n<tool_call>\n{"name": "get_weather", "arguments": {"city": "Rome"}}\n</tool_call><|im_end|>\n<|im_start|>user\n<tool_response>\n18\n</tool_response>\n<tool_response>\n21\n</tool_response><|im_end|>\n<|im_start|>assistant\n<think>\n',
  },
  'qwen3-vl-thinking': {
    hi: '<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n<think>\n',
    silent: '<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n',
    round:
      'Weather?<|im_end|>\n<|im_start|>assistant\n<think>\nHm.<tool_call>\n{"name": "get_weather", "arguments": {"city": "Paris", "days": 3}}\n</tool_call>\n<tool_call>\n{"name": "get_weather", "arguments": {"city": "Rome"}}\n</tool_call><|im_end|>\n<|im_start|>user\n<tool_response>\n18\n</tool_response>\n<tool_response>\n21\n</tool_response><|im_end|>\n<|im_start|>assistant\n<think>\n',
  },
  'qwen3.5': {
    hi: '<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n<think>\n',
    silent: '<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\n',
    round:
      'Weather?<|im_end|>\n<|im_start|>assistant\n<think>\nHm.\n</think>\n\n<tool_call>\n<function=get_weather>\n<parameter=city>\nParis\n</parameter>\n<parameter=days>\n3\n</parameter>\n</function>\n</tool_call>\n<tool_call>\n<function=get_weather>\n<parameter=city>\nRome\n</parameter>\n</function>\n</tool_call><|im_end|>\n<|im_start|>user\n<tool_response>\n18\n</tool_response>\n<tool_response>\n21\n</tool_response><|im_end|>\n<|im_start|>assistant\n<think>\n',
  },
  'qwen3.8': {
    hi: '<|im_start|>system\nReasoning effort is set to xhigh. Please think carefully through the task, validate key assumptions, consider plausible alternatives, and prioritize correctness, consistency, and clarity in the final answer.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n<think>\n',
    silent: '<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\n',
    round:
      'Weather?<|im_end|>\n<|im_start|>assistant\n<think>\nHm.\n</think>\n\n<tool_call>\n<function=get_weather>\n<parameter=city>\nParis\n</parameter>\n<parameter=days>\n3\n</parameter>\n</function>\n</tool_call>\n<tool_call>\n<function=get_weather>\n<parameter=city>\nRome\n</parameter>\n</function>\n</tool_call><|im_end|>\n<|im_start|>user\n<tool_response>\n18\n</tool_response>\n<tool_response>\n21\n</tool_response><|im_end|>\n<|im_start|>assistant\n<think>\n',
    keepsThinking: true,
  },
  ornith: {
    hi: '<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n<think>\n',
    silent: '<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\n',
    round:
      'Weather?<|im_end|>\n<|im_start|>assistant\n<think>\nHm.\n</think>\n\n<tool_call>\n<function=get_weather>\n<parameter=city>\nParis\n</parameter>\n<parameter=days>\n3\n</parameter>\n</function>\n</tool_call>\n<tool_call>\n<function=get_weather>\n<parameter=city>\nRome\n</parameter>\n</function>\n</tool_call><|im_end|>\n<|im_start|>user\n<tool_response>\n18\n</tool_response>\n<tool_response>\n21\n</tool_response><|im_end|>\n<|im_start|>assistant\n<think>\n',
    keepsThinking: true,
  },
  olmo3: {
    hi: '<|im_start|>system\nYou are a helpful function-calling AI assistant. You do not currently have access to any functions. <functions></functions><|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n',
    round:
      'Weather?<|im_end|>\n<|im_start|>assistant\n<function_calls>get_weather(city="Paris", days=3)\nget_weather(city="Rome")</function_calls><|im_end|>\n<|im_start|>environment\n18<|im_end|>\n<|im_start|>environment\n21<|im_end|>\n<|im_start|>assistant\n',
  },
  'olmo3.1': {
    hi: '<|im_start|>system\nYou are Olmo, a helpful AI assistant built by Ai2. Your date cutoff is December 2024, and your model weights are available at https://huggingface.co/allenai. You do not currently have access to any functions. <functions></functions><|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n',
    round:
      'Weather?<|im_end|>\n<|im_start|>assistant\n<function_calls>get_weather(city="Paris", days=3)\nget_weather(city="Rome")</function_calls><|im_end|>\n<|im_start|>environment\n18<|im_end|>\n<|im_start|>environment\n21<|im_end|>\n<|im_start|>assistant\n',
  },
  'olmo3-think': {
    hi: '<|im_start|>system\nYou are Olmo, a helpful AI assistant built by Ai2. Your date cutoff is December 2024, and your model weights are available at https://huggingface.co/allenai.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n<think>',
    round: 'Weather?<|im_end|>\n<|im_start|>assistant\n<|im_end|>\n<|im_start|>assistant\n<think>',
  },
  'olmo3-32b-think': {
    hi: '<|im_start|>system\nYou are a helpful AI assistant.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n<think>',
    round: 'Weather?<|im_end|>\n<|im_start|>assistant\n<|im_end|>\n<|im_start|>assistant\n<think>',
  },
  'nemotron-3-nano': {
    hi: '<|im_start|>system\n<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n<think>\n',
    silent: '<|im_start|>system\n<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n<think></think>',
    round:
      'Weather?<|im_end|>\n<|im_start|>assistant\n<think>\nHm.\n</think>\n<tool_call>\n<function=get_weather>\n<parameter=city>\nParis\n</parameter>\n<parameter=days>\n3\n</parameter>\n</function>\n</tool_call>\n<tool_call>\n<function=get_weather>\n<parameter=city>\nRome\n</parameter>\n</function>\n</tool_call>\n<|im_end|>\n<|im_start|>user\n<tool_response>\n18\n</tool_response>\n<tool_response>\n21\n</tool_response>\n<|im_end|>\n<|im_start|>assistant\n<think>\n',
  },
  'nemotron-3.5-nano': {
    hi: '<|im_start|>system\n<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n<think>\n',
    silent: '<|im_start|>system\n<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n<think></think>',
    round:
      'Weather?<|im_end|>\n<|im_start|>assistant\n<think>\nHm.</think>\n<tool_call>\n<function=get_weather>\n<parameter=city>\nParis\n</parameter>\n<parameter=days>\n3\n</parameter>\n</function>\n</tool_call>\n<tool_call>\n<function=get_weather>\n<parameter=city>\nRome\n</parameter>\n</function>\n</tool_call>\n<|im_end|>\n<|im_start|>user\n<tool_response>\n18\n</tool_response>\n<tool_response>\n21\n</tool_response>\n<|im_end|>\n<|im_start|>assistant\n<think>\n',
  },
  'gemma4-small': {
    hi: '<bos><|turn>user\nHi<turn|>\n<|turn>model\n',
    thinking: '<bos><|turn>system\n<|think|>\n<turn|>\n<|turn>user\nHi<turn|>\n<|turn>model\n',
    round:
      'Weather?<turn|>\n<|turn>model\n<|channel>thought\nHm.\n<channel|><|tool_call>call:get_weather{city:<|"|>Paris<|"|>,days:3}<tool_call|><|tool_call>call:get_weather{city:<|"|>Rome<|"|>}<tool_call|><|tool_response>response:get_weather{value:<|"|>18<|"|>}<tool_response|><|tool_response>response:get_weather{value:<|"|>21<|"|>}<tool_response|><|channel>thought\n',
  },
  'gemma4-large': {
    hi: '<bos><|turn>user\nHi<turn|>\n<|turn>model\n<|channel>thought\n<channel|>',
    thinking: '<bos><|turn>system\n<|think|>\n<turn|>\n<|turn>user\nHi<turn|>\n<|turn>model\n',
    round:
      'Weather?<turn|>\n<|turn>model\n<|channel>thought\nHm.\n<channel|><|tool_call>call:get_weather{city:<|"|>Paris<|"|>,days:3}<tool_call|><|tool_call>call:get_weather{city:<|"|>Rome<|"|>}<tool_call|><|tool_response>response:get_weather{value:<|"|>18<|"|>}<tool_response|><|tool_response>response:get_weather{value:<|"|>21<|"|>}<tool_response|><|channel>thought\n',
  },
  functiongemma: {
    hi: '<bos><start_of_turn>user\nHi<end_of_turn>\n<start_of_turn>model\n',
    round:
      'Weather?<end_of_turn>\n<start_of_turn>model\n<start_function_call>call:get_weather{city:<escape>Paris<escape>,days:3}<end_function_call><start_function_call>call:get_weather{city:<escape>Rome<escape>}<end_function_call><start_function_response>response:get_weather{<escape>18<escape>}<end_function_response><start_function_response>response:get_weather{<escape>21<escape>}<end_function_response>',
  },
  'glm-4.7': {
    hi: '[gMASK]<sop><|user|>Hi<|assistant|><think>',
    silent: '[gMASK]<sop><|user|>Hi<|assistant|></think>',
    round:
      'Weather?<|assistant|><think>Hm.</think><tool_call>get_weather<arg_key>city</arg_key><arg_value>Paris</arg_value><arg_key>days</arg_key><arg_value>3</arg_value></tool_call><tool_call>get_weather<arg_key>city</arg_key><arg_value>Rome</arg_value></tool_call><|observation|><tool_response>18</tool_response><tool_response>21</tool_response><|assistant|><think>',
    keepsThinking: true,
  },
  'glm-ocr': {
    hi: '[gMASK]<sop><|user|>\nHi<|assistant|>\n',
    silent: '[gMASK]<sop><|user|>\nHi/nothink<|assistant|>\n<think></think>\n',
    round:
      'Weather?<|assistant|>\n<think>Hm.</think>\n<tool_call>get_weather<arg_key>city</arg_key><arg_value>Paris</arg_value><arg_key>days</arg_key><arg_value>3</arg_value></tool_call>\n<tool_call>get_weather<arg_key>city</arg_key><arg_value>Rome</arg_value></tool_call>\n<|observation|>\n<tool_response>\n18\n</tool_response>\n\n<tool_response>\n21\n</tool_response>\n<|assistant|>\n',
    keepsThinking: true,
  },
  lfm2: {
    hi: '<|startoftext|><|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n',
    round:
      'Weather?<|im_end|>\n<|im_start|>assistant\n<|tool_call_start|>[get_weather(city="Paris",days=3),get_weather(city="Rome")]<|tool_call_end|><|im_end|>\n<|im_start|>tool\n<|tool_response_start|>18<|tool_response_end|><|im_end|>\n<|im_start|>tool\n<|tool_response_start|>21<|tool_response_end|><|im_end|>\n<|im_start|>assistant\n',
  },
  'lfm2-thinking': {
    hi: '<|startoftext|><|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n',
    round:
      'Weather?<|im_end|>\n<|im_start|>assistant\n<think>Hm.</think><|tool_call_start|>[get_weather(city="Paris",days=3),get_weather(city="Rome")]<|tool_call_end|><|im_end|>\n<|im_start|>tool\n<|tool_response_start|>18<|tool_response_end|><|im_end|>\n<|im_start|>tool\n<|tool_response_start|>21<|tool_response_end|><|im_end|>\n<|im_start|>assistant\n',
    keepsThinking: true,
  },
  laguna: {
    hi: '〈|EOS|〉<system>\n\nYou are a helpful, conversationally-fluent assistant made by Poolside. You are here to be helpful to users through natural language conversations.\n</system>\n<user>\nHi\n</user>\n<assistant>\n</think>',
    thinking:
      '〈|EOS|〉<system>\n\nYou are a helpful, conversationally-fluent assistant made by Poolside. You are here to be helpful to users through natural language conversations.\n</system>\n<user>\nHi\n</user>\n<assistant>\n<think>',
    round:
      'Weather?\n</user>\n<assistant>\n<think>\nHm.\n</think>\n<tool_call>get_weather\n<arg_key>city</arg_key>\n<arg_value>Paris</arg_value>\n<arg_key>days</arg_key>\n<arg_value>3</arg_value>\n</tool_call>\n<tool_call>get_weather\n<arg_key>city</arg_key>\n<arg_value>Rome</arg_value>\n</tool_call>\n</assistant>\n<tool_response>\n18\n</tool_response>\n<tool_response>\n21\n</tool_response>\n<assistant>\n<think>',
    keepsThinking: true,
  },
  'poolside-v1': {
    hi: '〈|EOS|〉<system>You are a helpful, conversationally-fluent assistant made by Poolside. You are here to be helpful to users through natural language conversations.</system>\n<user>Hi</user>\n<assistant></think>',
    thinking:
      '〈|EOS|〉<system>You are a helpful, conversationally-fluent assistant made by Poolside. You are here to be helpful to users through natural language conversations.</system>\n<user>Hi</user>\n<assistant><think>',
    round:
      'Weather?</user>\n<assistant><think>Hm.</think><tool_call>get_weather<arg_key>city</arg_key><arg_value>Paris</arg_value><arg_key>days</arg_key><arg_value>3</arg_value></tool_call><tool_call>get_weather<arg_key>city</arg_key><arg_value>Rome</arg_value></tool_call></assistant>\n<tool_response>18</tool_response>\n<tool_response>21</tool_response>\n<assistant><think>',
    keepsThinking: true,
  },
  cohere: {
    hi: '<|START_OF_TURN_TOKEN|><|SYSTEM_TOKEN|><|START_TEXT|># Available Tools\n```json\n[\n\n\n\n]\n```<|END_TEXT|><|END_OF_TURN_TOKEN|><|START_OF_TURN_TOKEN|><|USER_TOKEN|><|START_TEXT|>Hi<|END_TEXT|><|END_OF_TURN_TOKEN|><|START_OF_TURN_TOKEN|><|CHATBOT_TOKEN|><|START_THINKING|>',
    silent:
      '<|START_OF_TURN_TOKEN|><|SYSTEM_TOKEN|><|START_TEXT|># Available Tools\n```json\n[\n\n\n\n]\n```<|END_TEXT|><|END_OF_TURN_TOKEN|><|START_OF_TURN_TOKEN|><|USER_TOKEN|><|START_TEXT|>Hi<|END_TEXT|><|END_OF_TURN_TOKEN|><|START_OF_TURN_TOKEN|><|CHATBOT_TOKEN|><|START_THINKING|><|END_THINKING|>',
    round:
      'Weather?<|END_TEXT|><|END_OF_TURN_TOKEN|><|START_OF_TURN_TOKEN|><|CHATBOT_TOKEN|>\n            \n                <|START_THINKING|>Hm.<|END_THINKING|><|START_ACTION|>[\n\n    {"tool_call_id": "0", "tool_name": "get_weather", "parameters": {"city": "Paris", "days": 3}},\n\n    {"tool_call_id": "1", "tool_name": "get_weather", "parameters": {"city": "Rome"}}\n\n]<|END_ACTION|><|END_OF_TURN_TOKEN|><|START_OF_TURN_TOKEN|><|SYSTEM_TOKEN|><|START_TOOL_RESULT|>[\n    {\n        "tool_call_id": "0",\n        "results": {\n\n            \n            "0": {"content": "18"}\n\n        },\n        "is_error": null\n    },\n    {\n        "tool_call_id": "1",\n        "results": {\n\n            \n            "0": {"content": "21"}\n\n        },\n        "is_error": null\n    }\n\n]<|END_TOOL_RESULT|><|END_OF_TURN_TOKEN|><|START_OF_TURN_TOKEN|><|CHATBOT_TOKEN|><|START_THINKING|>',
    keepsThinking: true,
  },
}

/** The tokens that begin a text, which upstream's renderers write themselves. */
const begins: Readonly<Record<string, string>> = {
  'gemma4-small': '<bos>',
  'gemma4-large': '<bos>',
  functiongemma: '<bos>',
  lfm2: '<|startoftext|>',
  'lfm2-thinking': '<|startoftext|>',
}

const hi = [user('Hi')]
const call = (id: string, args: Record<string, unknown>) => ({
  id,
  function: { name: 'get_weather', arguments: args },
})
const result = (toolCallId: string, content: string) => ({ role: 'tool', content, toolName: 'get_weather', toolCallId })
const round: readonly ChatMessage[] = [
  system('Be brief.'),
  user('Hi'),
  { role: 'assistant', content: 'Hello.', thinking: 'A greeting.' },
  user('Weather?'),
  {
    role: 'assistant',
    content: '',
    thinking: 'Hm.',
    toolCalls: [call('call_1', { city: 'Paris', days: 3 }), call('call_2', { city: 'Rome' })],
  },
  result('call_1', '18'),
  result('call_2', '21'),
]
const weather: Tool = {
  type: 'function',
  function: {
    name: 'get_weather',
    description: 'Looks.',
    parameters: {
      type: 'object',
      required: ['city'],
      properties: {
        city: { type: 'string', description: 'Where', enum: ['Paris', 'Rome'] },
        days: { type: 'integer' },
        free: { anyOf: [{ type: 'string' }, { type: 'null' }] },
        list: { type: 'array' },
      },
    },
  },
}

/** Ollama's own models with a renderer have such a TEMPLATE, which says nothing of how a conversation is told. */
const named = (renderer: string) => model({ template: '{{ .Prompt }}', config: { renderer } })

describe.each(Object.entries(prompts))('a model for %s without a template', (renderer, prompt) => {
  const told = facts({ bosToken: begins[renderer] })
  const render = async (messages: readonly ChatMessage[], think?: boolean, tools: readonly Tool[] = []) =>
    (await renderChat(named(renderer), told, { messages, tools }, { think })).text

  test('is greeted', async () => {
    expect(await render(hi)).toBe(prompt.hi)
    expect(await render(hi, false)).toBe(prompt.silent ?? prompt.hi)
    expect(await render(hi, true)).toBe(prompt.thinking ?? prompt.hi)
  })

  test('hears of its calls and their results', async () => {
    const text = await render(round, true, [weather])
    expect(text.slice(text.indexOf('Weather?'))).toBe(prompt.round)
    expect(text).toContain('Be brief.')
    expect(text.includes('A greeting.')).toBe(prompt.keepsThinking ?? false)
    // The models of Olmo that think know no tools.
    expect(text.includes('get_weather')).toBe(!/^olmo.*think$/.test(renderer))
  })
})

test('Gemma 4 is told of a function in its own notation', async () => {
  const { text } = await renderChat(named('gemma4-small'), facts(), { messages: hi, tools: [weather] })
  expect(text).toBe(
    '<|turn>system\n<|tool>declaration:get_weather{description:<|"|>Looks.<|"|>,parameters:{properties:{' +
      'city:{description:<|"|>Where<|"|>,enum:[<|"|>Paris<|"|>,<|"|>Rome<|"|>],type:<|"|>STRING<|"|>},' +
      `days:{type:<|"|>INTEGER<|"|>},free:{type:<|"|>['STRING', 'NULL']<|"|>},list:{type:<|"|>ARRAY<|"|>}},` +
      'required:[<|"|>city<|"|>],type:<|"|>OBJECT<|"|>}}<tool|><turn|>\n<|turn>user\nHi<turn|>\n<|turn>model\n',
  )
})

test('Gemma 4 is told of arguments that are named like the keywords of a schema', async () => {
  const text = (description: string) => ({ type: 'string', description })
  const properties = { description: text('What'), type: text('Which'), deep: { type: 'object', properties: {} } }
  const tool: Tool = { type: 'function', function: { name: 'f', parameters: { type: 'object', properties } } }
  const { text: prompt } = await renderChat(named('gemma4-small'), facts(), { messages: hi, tools: [tool] })
  expect(prompt).toContain(
    'properties:{deep:{properties:{},type:<|"|>OBJECT<|"|>},' +
      'description:{description:<|"|>What<|"|>,type:<|"|>STRING<|"|>},' +
      'type:{description:<|"|>Which<|"|>,type:<|"|>STRING<|"|>}}',
  )
})

// Google's template of July 2026, which keeps the models from calling the same tool again and again.
test('an answer of Gemma 4 that called tools is one turn, which ends before the next question', async () => {
  const called = { role: 'assistant', content: '', toolCalls: [call('1', {})] }
  const said = (content: string, thinking?: string) => ({ role: 'assistant', content, thinking })
  const render = async (...messages: ChatMessage[]) =>
    (await renderChat(named('gemma4-small'), facts(), { messages: [...hi, ...messages] }, { think: true })).text
      .split('Hi<turn|>\n')
      .at(-1)
  const done = '<|turn>model\n<|tool_call>call:get_weather{}<tool_call|>'
  const told = '<|tool_response>response:get_weather{value:<|"|>18<|"|>}<tool_response|>'
  expect(await render(called, result('1', '18'), called, result('1', '18'))).toBe(
    `${done}${told}${done.slice('<|turn>model\n'.length)}${told}<|channel>thought\n`,
  )
  expect(await render(called, result('1', '18'), said('Mild.'), user('Thanks'))).toBe(
    `${done}${told}Mild.<turn|>\n<|turn>user\nThanks<turn|>\n<|turn>model\n`,
  )
  expect(await render(called, result('1', '18'), user('Well?'))).toBe(
    `${done}${told}<turn|>\n<|turn>user\nWell?<turn|>\n<|turn>model\n`,
  )
  expect(await render(said('A'), said('B'), user('Well?'))).toBe(
    '<|turn>model\nAB<turn|>\n<|turn>user\nWell?<turn|>\n<|turn>model\n',
  )
})

test.each([
  ['gemma4:e4b', 8e9, 'gemma4-small'],
  ['gemma4:12b-it', 4e9, 'gemma4-large'],
  ['gemma4-e4b-of-31b', 26e9, 'gemma4-small'],
  ['mine', 8e9, 'gemma4-small'],
  ['mine', 11.9e9, 'gemma4-large'],
])('%s of %d parameters is rendered as %s', async (name, parameterCount, renderer) => {
  const asked = { ...named('gemma4'), name: { ...named('gemma4').name, model: name } }
  const told = facts({ bosToken: '<bos>', parameterCount })
  expect((await renderChat(asked, told, { messages: hi })).text).toBe(prompts[renderer]!.hi)
})

test.each([
  ['low', 'Reasoning effort is set to low.'],
  ['high', 'Reasoning effort is set to xhigh.'],
] as const)('Qwen 3.8 is told in words to think %s', async (think, words) => {
  const render = async (level: typeof think | 'medium') =>
    (await renderChat(named('qwen3.8'), facts(), { messages: hi }, { think: level })).text
  expect(await render(think)).toContain(words)
  expect(await render('medium')).not.toContain('effort')
})

test.each([
  ['high', 'xhigh'],
  ['max', 'xhigh'],
  ['low', 'low'],
] as const)('a template that knows no level %s is told %s', async (think, told) => {
  const chatTemplate =
    "{% if reasoning_effort not in ('xhigh', 'low') %}{{ raise_exception('Unexpected effort') }}{% endif %}{{ reasoning_effort }}"
  expect((await renderChat(model(), facts({ chatTemplate }), { messages: hi }, { think })).text).toBe(told)
})

test('a template that knows the levels high and xhigh is told the one that was asked for', async () => {
  const chatTemplate = "{% if reasoning_effort in ('low', 'high', 'xhigh') %}{{ reasoning_effort }}{% endif %}"
  const render = async (think: 'high' | 'max') =>
    (await renderChat(model(), facts({ chatTemplate }), { messages: hi }, { think })).text
  expect([await render('high'), await render('max')]).toEqual(['high', 'xhigh'])
})

// A pass over all later messages for each one is more than a template may take.
test.each(Object.keys(prompts))('%s renders a very long conversation', async renderer => {
  const messages = Array.from({ length: 2000 }, (_, index) => round[1 + (index % (round.length - 1))]!)
  const { text } = await renderChat(named(renderer), facts(), { messages, tools: [weather] })
  expect(text.split('Weather?')).toHaveLength(1 + messages.filter(({ content }) => content === 'Weather?').length)
})

test('an empty template of the weights is none', async () => {
  const { text } = await renderChat(named('glm-4.7'), facts({ chatTemplate: '' }), { messages: hi })
  expect(text).toBe(prompts['glm-4.7']!.hi)
})

test('pictures for a renderer stand in front of the text, and apart from it', async () => {
  const [a, b] = [new Uint8Array([1]), new Uint8Array([2])]
  const messages = [
    { ...user('What?'), images: [a, b] },
    { ...user('[img] and this?'), images: [b] },
  ]
  const { text, images } = await renderChat(named('gemma4-small'), facts(), { messages })
  expect(text).toBe('<|turn>user\n[img-0][img-1] What?<turn|>\n<|turn>user\n[img-2] and this?<turn|>\n<|turn>model\n')
  expect(images).toEqual([a, b, b])
})

test.each([
  ['qwen3.5', undefined, '<|im_start|>assistant\n<think>\n\n</think>\n\nHel'],
  ['qwen3-coder', undefined, '<|im_start|>assistant\nHel'],
  ['glm-4.7', false, '<|assistant|></think>Hel'],
  ['gemma4-small', undefined, '<|turn>model\nHel'],
  ['olmo3-think', undefined, '<|im_start|>assistant\n<think>\n</think>\n\nHel'],
])('%s goes on with an answer that was begun', async (renderer, think, end) => {
  const messages = [user('Hi'), { role: 'assistant', content: 'Hel' }]
  const { text } = await renderChat(named(renderer), facts(), { messages }, { think })
  expect(text.slice(-end.length)).toBe(end)
})
