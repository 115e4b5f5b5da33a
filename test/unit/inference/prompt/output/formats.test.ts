import { describe, expect, test } from 'vitest'
import { formatRows, inferredFormat, namedFormat } from '../../../../../main/inference/prompt/output/formats.ts'
import type { Tool } from '../../../../../main/inference/requests.ts'
import { type Read, type Reading, read, tool } from './reading.ts'

const paris = ['get_weather', { city: 'Paris' }] as const
const now = ['now', {}] as const

/** A tool whose parameters say what they are elsewhere. */
const referring: Tool = {
  type: 'function',
  function: {
    name: 'f',
    parameters: {
      type: 'object',
      properties: {
        where: { $ref: '#/$defs/Place' },
        level: { allOf: [{ $ref: '#/$defs/Level' }], default: 1 },
        name: { anyOf: [{ $ref: '#/$defs/Na~1me' }, { type: 'null' }] },
        tags: { items: { type: 'string' } },
        tree: { $ref: '#/$defs/Tree' },
        free: { $ref: '#/$defs/nowhere' },
      },
      $defs: {
        Place: { properties: { city: { type: 'string' } }, title: 'Place' },
        Level: { enum: [1, 2, 3] },
        'Na/me': { type: 'string' },
        Tree: { oneOf: [{ $ref: '#/$defs/Tree' }, { type: 'object' }] },
      },
    },
  },
}

/** Answers as the models of a family write them, and what must come out. */
const samples: Record<string, readonly (readonly [what: string, answer: string, expected: Read, reading?: Reading])[]> =
  {
    qwen3: [
      ['plain text', 'Hello <b>you</b>, 1 < 2', { content: 'Hello <b>you</b>, 1 < 2' }],
      ['thinking, then text', '<think>\nHm, so.\n</think>\n\nHi.', { thinking: 'Hm, so.', content: 'Hi.' }],
      [
        'thinking begun in the prompt',
        'Hm.\n</think>\nHi.',
        { thinking: 'Hm.', content: 'Hi.' },
        { prompt: '…assistant\n<think>\n' },
      ],
      [
        'thinking begun twice',
        '<think>\nHm.\n</think>\nHi.',
        { thinking: 'Hm.', content: 'Hi.' },
        { prompt: '<think>\n' },
      ],
      ['thinking that the prompt has ended, ended again', '</think>\n\nHi.', { content: 'Hi.' }],
      ['thinking cut off', '<think>\nHm, so', { thinking: 'Hm, so' }],
      ['no thinking: the tag comes later', 'Use <think> tags.', { content: 'Use <think> tags.' }],
      [
        'one call',
        '<tool_call>\n{"name": "get_weather", "arguments": {"city": "Paris"}}\n</tool_call>',
        { calls: [paris] },
      ],
      [
        'text and two calls',
        'Let me look.\n\n<tool_call>\n{"name": "get_weather", "arguments": {"city": "Paris"}}\n</tool_call>\n<tool_call>\n{"name": "now", "arguments": {}}\n</tool_call>',
        { content: 'Let me look.', calls: [paris, now] },
      ],
      [
        'a call that ends the thinking',
        '<think>I will look.\n<tool_call>{"name": "now", "arguments": {}}</tool_call>',
        { thinking: 'I will look.', calls: [now] },
      ],
      ['text after a call', '<tool_call>{"name": "now"}</tool_call>\nDone.', { calls: [now], content: 'Done.' }],
      ['the end of the answer is missing', '<tool_call>\n{"name": "now", "arguments": {}}\n', { calls: [now] }],
      [
        'broken JSON is shown, not lost',
        '<tool_call>{"name": "now", </tool_call> sorry',
        { content: '<tool_call>{"name": "now", </tool_call> sorry' },
      ],
      [
        'nested arguments keep their order and types',
        '<tool_call>{"name": "get_weather", "arguments": {"z": 1.5, "a": [true, null, {"b": "</tool>"}]}}</tool_call>',
        { calls: [['get_weather', { z: 1.5, a: [true, null, { b: '</tool>' }] }]] },
      ],
      [
        'calls are text when none are read',
        '<tool_call>x</tool_call>',
        { content: '<tool_call>x</tool_call>' },
        { readsCalls: false },
      ],
      [
        'a closing tag quoted in an argument',
        '<tool_call>{"name": "get_weather", "arguments": {"city": "\\"</tool_call>\\" </tool_call>"}}</tool_call>Done.',
        { calls: [['get_weather', { city: '"</tool_call>" </tool_call>' }]], content: 'Done.' },
      ],
      [
        'a closing tag quoted in an answer that was cut off',
        '<tool_call>{"name": "get_weather", "arguments": {"city": "</tool_call>"}}',
        { calls: [['get_weather', { city: '</tool_call>' }]] },
      ],
      [
        'a string without its end before a call that is right',
        '<tool_call>{"name": "get_weather", "arguments": {"city": "Paris}}</tool_call>\n<tool_call>{"name": "now"}</tool_call>',
        {
          content: '<tool_call>{"name": "get_weather", "arguments": {"city": "Paris}}</tool_call>',
          calls: [now],
        },
      ],
      ['white space only', ' \n ', { content: ' \n ' }],
      ['part of a marker at the end', 'a <tool_c', { content: 'a <tool_c' }],
    ],
    'qwen3-coder': [
      [
        'typed by the schema',
        '<tool_call>\n<function=f>\n<parameter=s>\n12\n</parameter>\n<parameter=i>\n12\n</parameter>\n<parameter=b>\ntrue\n</parameter>\n<parameter=o>\n{"a": [1]}\n</parameter>\n<parameter=n>\nnull\n</parameter>\n<parameter=x>\n 1 \n</parameter>\n</function>\n</tool_call>',
        { calls: [['f', { s: '12', i: 12, b: true, o: { a: [1] }, n: null, x: ' 1 ' }]] },
        { tools: [tool('f', { s: 'string', i: 'integer', b: 'boolean', o: 'object', n: ['number', 'null'] })] },
      ],
      [
        'null where nothing says that it must be a text',
        '<tool_call><function=f><parameter=s>null</parameter><parameter=x>null</parameter><parameter=y>1</parameter></function></tool_call>',
        { calls: [['f', { s: 'null', x: null, y: '1' }]] },
        { tools: [tool('f', { s: 'string' })] },
      ],
      [
        'typed by what the schema refers to, as Pydantic writes it',
        '<tool_call><function=f><parameter=where>{"city": "Paris"}</parameter><parameter=level>2</parameter><parameter=name>12</parameter><parameter=tags>["a"]</parameter><parameter=tree>{}</parameter><parameter=free>1</parameter></function></tool_call>',
        { calls: [['f', { where: { city: 'Paris' }, level: 2, name: '12', tags: ['a'], tree: {}, free: '1' }]] },
        { tools: [referring] },
      ],
      [
        'several lines with markup in a value',
        '<tool_call>\n<function=get_weather>\n<parameter=city>\n<b>\nParis\n\n</b>\n</parameter>\n</function>\n</tool_call>',
        { calls: [['get_weather', { city: '<b>\nParis\n\n</b>' }]] },
      ],
      [
        'without the tag around it',
        'Ok.\n<function=get_weather>\n<parameter=city>\nParis\n</parameter>\n</function>\n</tool_call>',
        { content: 'Ok.', calls: [paris] },
      ],
      [
        'two functions in one tag',
        '<tool_call><function=now></function><function=now></function></tool_call>',
        { calls: [now, now] },
      ],
      [
        'a missing end of parameter',
        '<tool_call><function=get_weather><parameter=city>\nParis\n</function></tool_call>',
        { calls: [paris] },
      ],
      [
        'a missing end of parameter before another call',
        '<tool_call><function=get_weather><parameter=city>\nParis\n</function></tool_call>\n<tool_call><function=get_weather><parameter=city>Rome</parameter></function></tool_call>',
        { calls: [paris, ['get_weather', { city: 'Rome' }]] },
      ],
      [
        'a missing end of parameter before text',
        '<tool_call><function=get_weather><parameter=city>\nParis\n</function></tool_call> Done.',
        { calls: [paris], content: 'Done.' },
      ],
      [
        'tags quoted in a value',
        '<tool_call>\n<function=get_weather>\n<parameter=city>\nprint("</tool_call>")\nprint("</function>", "</parameter>")\n</parameter>\n<parameter=days>\n3\n</parameter>\n</function>\n</tool_call> Done.',
        {
          calls: [['get_weather', { city: 'print("</tool_call>")\nprint("</function>", "</parameter>")', days: 3 }]],
          content: 'Done.',
        },
      ],
      [
        'tags quoted in a value, without the tag around the call',
        '<function=get_weather><parameter=city>"</function></parameter>"</parameter></function> Done.',
        { calls: [['get_weather', { city: '"</function></parameter>"' }]], content: 'Done.' },
      ],
      [
        'tags quoted in JSON',
        '<tool_call><function=get_weather>{"city": "</function></tool_call>"}</function></tool_call>',
        { calls: [['get_weather', { city: '</function></tool_call>' }]] },
      ],
    ],
    'qwen3.5': [
      [
        'thinking and call',
        '<think>\nLook.\n</think>\n\n<tool_call>\n<function=get_weather>\n<parameter=city>\nParis\n</parameter>\n</function>\n</tool_call>',
        { thinking: 'Look.', calls: [paris] },
      ],
    ],
    'glm-4.7': [
      [
        'keys and values',
        '<think>Hm.</think>\n<tool_call>get_weather\n<arg_key>city</arg_key>\n<arg_value>Paris</arg_value>\n<arg_key>days</arg_key>\n<arg_value>3</arg_value>\n</tool_call>',
        { thinking: 'Hm.', calls: [['get_weather', { city: 'Paris', days: 3 }]] },
      ],
      ['no arguments', '<tool_call>now</tool_call>', { calls: [now] }],
      [
        'a closing tag quoted in a value, and a missing end of one',
        '<tool_call>get_weather<arg_key>city</arg_key><arg_value>"</tool_call>"</arg_value><arg_key>days</arg_key><arg_value>3\n</tool_call>\n<tool_call>now</tool_call>',
        { calls: [['get_weather', { city: '"</tool_call>"', days: 3 }], now] },
      ],
      ['thinking ended by the prompt', 'Hi.', { content: 'Hi.' }, { prompt: '<assistant></think>' }],
    ],
    'nemotron-3-nano': [
      [
        'call',
        '<think>\nA\n</think>\n<tool_call>\n<function=now>\n</function>\n</tool_call>\n',
        { thinking: 'A', calls: [now] },
      ],
    ],
    laguna: [
      [
        'call',
        '<think>A</think><tool_call>get_weather<arg_key>city</arg_key><arg_value>Paris</arg_value></tool_call></assistant>',
        { thinking: 'A', calls: [paris] },
      ],
    ],
    deepseek3: [
      [
        'V3.1, two calls',
        'Ok<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>get_weather<｜tool▁sep｜>{"city": "Paris"}<｜tool▁call▁end｜><｜tool▁call▁begin｜>now<｜tool▁sep｜>{}<｜tool▁call▁end｜><｜tool▁calls▁end｜>',
        { content: 'Ok', calls: [paris, now] },
      ],
      ['thinking', 'Hm</think>Hi', { thinking: 'Hm', content: 'Hi' }, { prompt: '<｜Assistant｜><think>' }],
    ],
    cogito: [
      [
        'with a code block',
        '<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>get_weather\n```json\n{"city": "Paris"}\n```<｜tool▁call▁end｜><｜tool▁calls▁end｜>',
        { calls: [paris] },
      ],
    ],
    ministral: [
      [
        'name and arguments',
        '[THINK]Hm.[/THINK]Ok.[TOOL_CALLS]get_weather[ARGS]{"city": "Paris"}[TOOL_CALLS]now[ARGS]{}',
        { thinking: 'Hm.', content: 'Ok.', calls: [paris, now] },
      ],
      ['with an id', '[TOOL_CALLS]get_weather[CALL_ID]abc123def[ARGS]{"city": "Paris"}', { calls: [paris] }],
      [
        'the older list',
        '[TOOL_CALLS] [{"name": "get_weather", "arguments": {"city": "Paris"}, "id": "abc"}, {"name": "now", "arguments": {}}]',
        { calls: [paris, now] },
      ],
      [
        'cut off',
        '[TOOL_CALLS]get_weather[ARGS]{"city": "Pa',
        { content: '[TOOL_CALLS]get_weather[ARGS]{"city": "Pa' },
      ],
      ['no call at all', '[TOOL_CALLS]', { content: '[TOOL_CALLS]' }],
    ],
    gemma4: [
      [
        'names that are none elsewhere',
        '<|tool_call>call:3d_search{a:1}<tool_call|><|tool_call>call:files:read/all{}<tool_call|>',
        {
          calls: [
            ['3d_search', { a: 1 }],
            ['files:read/all', {}],
          ],
        },
      ],
      [
        'thinking and a call',
        '<|channel>thought\nHm.\n<channel|><|tool_call>call:get_weather{city:<|"|>Paris, "F"<|"|>,days:3,deep:{a:[1,true,null],b:<|"|>}<|"|>}}<tool_call|>',
        {
          thinking: 'Hm.',
          calls: [['get_weather', { city: 'Paris, "F"', days: 3, deep: { a: [1, true, null], b: '}' } }]],
        },
      ],
      ['two calls', '<|tool_call>call:now{}<tool_call|><|tool_call>call:now{}<tool_call|>', { calls: [now, now] }],
      [
        'keys that are no names',
        '<|tool_call>call:get_weather{$top:5,filter[name]:<|"|>x<|"|>,deep:{the key:true, ключ:[1]}}<tool_call|>',
        { calls: [['get_weather', { $top: 5, 'filter[name]': 'x', deep: { 'the key': true, ключ: [1] } }]] },
      ],
      [
        'a call in thinking that was not ended',
        "<|channel>thought\nLet's go.<|tool_call>call:now{}<tool_call|><|tool_response>",
        { thinking: "Let's go.", calls: [now] },
      ],
      ['empty thinking', '<|channel>thought\n<channel|>Hi.', { content: 'Hi.' }],
      ['an end of thinking too many', '<|channel>thought\n<channel|>Hi.<channel|>', { content: 'Hi.' }],
    ],
    functiongemma: [
      [
        'call',
        '<start_function_call>call:get_weather{city:<escape>Paris<escape>}<end_function_call>',
        { calls: [paris] },
      ],
    ],
    lfm2: [
      [
        'names that Python has not',
        '<|tool_call_start|>[3d_search(a=1), files:read/all(), 3d()]<|tool_call_end|>',
        {
          calls: [
            ['3d_search', { a: 1 }],
            ['files:read/all', {}],
            ['3d', {}],
          ],
        },
        { tools: [tool('3d'), tool('3d_search'), tool('files:read/all')] },
      ],
      [
        'call',
        '<|tool_call_start|>[get_weather(city="Paris")]<|tool_call_end|>Looking.',
        { calls: [paris], content: 'Looking.' },
      ],
      [
        'two calls with all kinds of values',
        `<|tool_call_start|>[get_weather(city='L\\'Aquila', days=3, deep={'a': [1, -2.5e3, None, True, "x\\n"]}), now()]<|tool_call_end|>`,
        { calls: [['get_weather', { city: "L'Aquila", days: 3, deep: { a: [1, -2500, null, true, 'x\n'] } }], now] },
      ],
    ],
    'lfm2-thinking': [['thinking', '<think>Hm</think>Hi', { thinking: 'Hm', content: 'Hi' }]],
    olmo3: [
      [
        'a call on each line',
        '<function_calls>\nget_weather(city="Paris")\nnow()\n</function_calls>',
        { calls: [paris, now] },
      ],
    ],
    'olmo3-think': [
      ['thinking', 'Hm</think>Hi', { thinking: 'Hm', content: 'Hi' }, { prompt: '<|im_start|>assistant\n<think>' }],
    ],
    cohere: [
      [
        'thinking and a list of calls',
        '<|START_THINKING|>I will look.<|END_THINKING|><|START_ACTION|>[\n  {"tool_call_id": "0", "tool_name": "get_weather", "parameters": {"city": "Paris"}}\n]<|END_ACTION|>',
        { thinking: 'I will look.', calls: [paris] },
      ],
      [
        'an answer',
        '<|START_THINKING|>A<|END_THINKING|><|START_RESPONSE|>Hi.<|END_RESPONSE|>',
        { thinking: 'A', content: 'Hi.' },
      ],
      ['text markers', '<|START_TEXT|>Hi.<|END_TEXT|>', { content: 'Hi.' }],
    ],
    harmony: [
      [
        'thinking and answer',
        '<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant<|channel|>final<|message|>Hi.',
        { thinking: 'Hm.', content: 'Hi.' },
      ],
      [
        'a call, recipient behind the channel',
        '<|channel|>commentary to=functions.get_weather <|constrain|>json<|message|>{"city":"Paris"}<|call|>',
        { calls: [paris] },
      ],
      [
        'a call, recipient before the channel',
        '<|channel|>analysis<|message|>Hm<|end|><|start|>assistant to=functions.get_weather<|channel|>commentary<|message|>{"city":"Paris"}',
        { thinking: 'Hm', calls: [paris] },
      ],
      [
        'a preamble before the call',
        '<|channel|>commentary<|message|>I look.<|end|><|start|>assistant<|channel|>commentary to=functions.now<|message|>{}<|call|>',
        { content: 'I look.', calls: [now] },
      ],
      [
        'an answer begun in the prompt',
        ' world',
        { content: ' world' },
        { prompt: '…<|start|>assistant<|channel|>final<|message|>Hello' },
      ],
      [
        'thinking begun in the prompt',
        'Hm<|end|><|start|>assistant<|channel|>final<|message|>Hi',
        { thinking: 'Hm', content: 'Hi' },
        { prompt: '<|start|>assistant<|channel|>analysis<|message|>' },
      ],
      [
        'the usual prompt',
        '<|channel|>final<|message|>Hi',
        { content: 'Hi' },
        { prompt: '<|start|>user<|message|>Q<|end|><|start|>assistant' },
      ],
      ['a header that never ends', '<|channel|>fin', {}],
      ['no header at all', 'Hi.', { content: 'Hi.' }],
      [
        'a recipient that is no function',
        '<|channel|>commentary to=assistant<|channel|>final<|message|>Hi',
        { content: 'Hi' },
      ],
    ],
    glimmer: [
      [
        'thinking and answer',
        ' to=self<|message|>Hm<|eom|><|start|>assistant to=user<|message|>Hi<|eot|>',
        { thinking: 'Hm', content: 'Hi' },
        { prompt: '<|start|>assistant' },
      ],
      [
        'a call',
        ' to=get_weather<|message|><atem:function_calls>\n<atem:invoke name="get_weather">\n<atem:parameter name="city">Paris</atem:parameter>\n<atem:parameter name="days">3</atem:parameter>\n</atem:invoke>\n</atem:function_calls><|eom|>',
        { calls: [['get_weather', { city: 'Paris', days: 3 }]] },
      ],
    ],
    'glm-ocr': [
      ['thinking that is none', '<think></think>\nHi.', { content: 'Hi.' }],
      [
        'a call',
        '<think></think>\n<tool_call>get_weather<arg_key>city</arg_key><arg_value>Paris</arg_value></tool_call>',
        { calls: [paris] },
      ],
    ],
    passthrough: [
      [
        'everything',
        '<think>a</think><tool_call>b</tool_call>',
        { content: '<think>a</think><tool_call>b</tool_call>' },
      ],
    ],
  }

describe.each(Object.entries(samples))('%s', (name, rows) => {
  test.each(rows.map(([what, ...sample]) => ({ what, sample })))('$what', ({ sample: [answer, expected, reading] }) => {
    expect(read(namedFormat(name)!, answer, reading)).toEqual(expected)
  })
})

/** Formats that no manifest names, told by what stands in a Jinja template. */
const inferred: readonly (readonly [
  what: string,
  template: string,
  answer: string,
  expected: Read,
  reading?: Reading,
])[] = [
  [
    'Hermes',
    "{{ '<tool_call>' }}</think>",
    '<tool_call>{"name": "get_weather", "arguments": {"city": "Paris"}}</tool_call>',
    { calls: [paris] },
  ],
  [
    'functions in a tag',
    '<tool_call> … <function=',
    '<tool_call><function=now></function></tool_call>',
    { calls: [now] },
  ],
  [
    'Llama 3.1 with the tag',
    '<|python_tag|>',
    '<|python_tag|>{"name": "get_weather", "parameters": {"city": "Paris"}}',
    { calls: [paris] },
  ],
  [
    'Llama 3.1, a built-in tool',
    '<|python_tag|>',
    '<|python_tag|>brave_search.call(query="Paris")',
    { calls: [['brave_search', { query: 'Paris' }]] },
  ],
  ['Llama 3.1, a program', '<|python_tag|>', '<|python_tag|>print(1)', { content: '<|python_tag|>print(1)' }],
  [
    'Llama 3.1, several calls',
    '<|python_tag|>',
    '<|python_tag|>{"name": "now", "parameters": {}}; {"name": "now", "parameters": {}}',
    { calls: [now, now] },
  ],
  [
    'Llama 3.2, bare JSON',
    '"parameters": dictionary of argument name and its value',
    '\n{"name": "get_weather", "parameters": {"city": "Paris"}}',
    { calls: [paris] },
  ],
  [
    'Llama 3.2, JSON that is an answer',
    '"parameters": dictionary of argument name and its value',
    '{"city": "Paris", "n": 1}',
    { content: '{"city": "Paris", "n": 1}' },
  ],
  [
    'Llama 3.2, JSON of an unknown function',
    '"parameters": dictionary of argument name and its value',
    '{"name": "nobody", "parameters": {}} x',
    { content: '{"name": "nobody", "parameters": {}} x' },
  ],
  [
    'Llama 3.2, JSON after text',
    '"parameters": dictionary of argument name and its value',
    'So: {"name": "now", "parameters": {}}',
    { content: 'So: {"name": "now", "parameters": {}}' },
  ],
  [
    'Llama 3.2, cut off',
    '"parameters": dictionary of argument name and its value',
    '{"name": "now", "par',
    { content: '{"name": "now", "par' },
  ],
  [
    'functions alone',
    "{{ '<function=' }}",
    'Ok <function=get_weather>{"city": "Paris"}</function>',
    { content: 'Ok', calls: [paris] },
  ],
  [
    'Kimi K2',
    '<|tool_call_begin|><|tool_call_argument_begin|>',
    '<|tool_calls_section_begin|><|tool_call_begin|>functions.get_weather:0<|tool_call_argument_begin|>{"city": "Paris"}<|tool_call_end|><|tool_calls_section_end|>',
    { calls: [paris] },
  ],
  [
    'Kimi K2, without ends and out of its thinking',
    '<|tool_call_begin|><|tool_call_argument_begin|>',
    '<think>I look<|tool_call_begin|>functions.get_weather:0<|tool_call_argument_begin|>{"city": "Paris"}<|tool_call_begin|>functions.now:1<|tool_call_argument_begin|>{}',
    { thinking: 'I look', calls: [paris, now] },
  ],
  [
    'Granite 3.3',
    '<|tool_call|> <response>',
    '<think>a</think><response>b</response>',
    { thinking: 'a', content: 'b' },
  ],
  [
    'GigaChat 3',
    "'function call' role_sep='<|role_sep|>'",
    'Ok<|message_sep|>\n\nfunction call<|role_sep|>\n{"name": "now", "arguments": {}}',
    { content: 'Ok', calls: [now] },
  ],
  [
    'GigaChat 3.1',
    '<|function_call|>',
    'Ok<|function_call|>{"name": "now", "arguments": {}}',
    { content: 'Ok', calls: [now] },
  ],
  [
    'Command R+',
    'Action: ```json "tool_name"',
    'Action:\n```json\n[{"tool_name": "get_weather", "parameters": {"city": "Paris"}}]\n```',
    { calls: [paris] },
  ],
  [
    'Apriel 1.6',
    '[BEGIN FINAL RESPONSE] <tool_calls>',
    'Here are my reasoning steps:\na\n[BEGIN FINAL RESPONSE]\n<tool_calls>[{"name": "now", "arguments": {}}]</tool_calls>',
    { thinking: 'a', calls: [now] },
  ],
  [
    'MiniMax M2',
    '<minimax:tool_call>',
    '<think>a</think>\n<minimax:tool_call>\n<invoke name="get_weather">\n<parameter name="city">Paris</parameter>\n<parameter name="days">3</parameter>\n</invoke>\n</minimax:tool_call>',
    { thinking: 'a', calls: [['get_weather', { city: 'Paris', days: 3 }]] },
  ],
  [
    'MiniMax M3: nested values typed by the schema, markup in a text left alone',
    ']<]minimax[>[',
    '<mm:think>a</mm:think>Ok]<]minimax[>[<tool_call>\n]<]minimax[>[<invoke name="get_weather">]<]minimax[>[<city><b>Paris</b>]<]minimax[>[</city>]<]minimax[>[<days>3]<]minimax[>[</days>]<]minimax[>[<deep>]<]minimax[>[<list>]<]minimax[>[<item>x]<]minimax[>[</item>]<]minimax[>[<item>2]<]minimax[>[</item>]<]minimax[>[</list>]<]minimax[>[</deep>]<]minimax[>[</invoke>\n]<]minimax[>[<invoke name="now">]<]minimax[>[</invoke>\n]<]minimax[>[</tool_call>',
    {
      thinking: 'a',
      content: 'Ok',
      calls: [['get_weather', { city: '<b>Paris</b>', days: 3, deep: { list: ['x', 2] } }], now],
    },
  ],
  ['MiniMax M3, no thinking', ']<]minimax[>[', '</mm:think>Hello', { content: 'Hello' }],
  [
    'MiniCPM 5: text in CDATA may hold the closing tags',
    '<function name="<param name="',
    '<think>a</think>\n<function name="get_weather"><param name="city"><![CDATA[<i></param></function>]]></param><param name="days">3</param></function>\n<function name="now"></function>',
    { thinking: 'a', calls: [['get_weather', { city: '<i></param></function>', days: 3 }], now] },
  ],
  [
    'Hunyuan 3',
    "'<tool_sep{}>'.format(':opensource')",
    '<think:opensource>a</think:opensource>Ok<tool_calls:opensource>\n<tool_call:opensource>get_weather<tool_sep:opensource>\n<arg_key:opensource>city</arg_key:opensource>\n<arg_value:opensource>Paris</arg_value:opensource>\n<arg_key:opensource>days</arg_key:opensource>\n<arg_value:opensource>3</arg_value:opensource>\n</tool_call:opensource>\n</tool_calls:opensource>',
    { thinking: 'a', content: 'Ok', calls: [['get_weather', { city: 'Paris', days: 3 }]] },
  ],
  [
    'Solar Open',
    '<|tool_call:begin|><|think|>',
    '<|think|>a<|end|><|begin|>assistant<|tool_calls|><|tool_call:begin|>a1b2c3d4e5<|tool_call:name|>get_weather<|tool_call:args|>{"city": "Paris"}<|tool_call:end|><|tool_call:begin|>b<|tool_call:name|>now<|tool_call:args|>{}<|tool_call:end|><|calls|>',
    { thinking: 'a', calls: [paris, now] },
  ],
  [
    'Solar Open, an answer',
    '<|tool_call:begin|><|think|>',
    '<|think|>a<|end|><|begin|>assistant<|content|>Hello<|end|>',
    { thinking: 'a', content: 'Hello' },
  ],
  [
    'Kimi K3: prose that names its tags stays whole',
    '<|open|><|close|><|end_of_msg|>',
    '<|open|>think<|sep|>a<|close|>think<|sep|><|open|>response<|sep|>Use the response tag.<|close|>response<|sep|><|open|>tools<|sep|><|open|>call tool="get_weather" index="1"<|sep|><|open|>argument key="city" type="string"<|sep|>Paris<|close|>argument<|sep|><|open|>argument key="days" type="number"<|sep|>3<|close|>argument<|sep|><|close|>call<|sep|><|open|>call tool="now" index="2"<|sep|><|close|>call<|sep|><|close|>tools<|sep|><|close|>message<|sep|><|end_of_msg|>',
    {
      thinking: 'a',
      content: 'Use the response tag.',
      calls: [['get_weather', { city: 'Paris', days: 3 }], now],
    },
  ],
  [
    'Functionary 3.2: only whom it knows begins a message',
    '>>>all >>>${recipient}',
    'all\nType >>> 1\n>>>x\nso>>>get_weather\n{"city": "Paris"}>>>now\n{}',
    { content: 'Type >>> 1\n>>>x\nso', calls: [paris, now] },
    { prompt: '<|start_header_id|>assistant<|end_header_id|>\n\n>>>' },
  ],
  [
    'Functionary 3.2 that forgot its header',
    '>>>all >>>${recipient}',
    'Hello\nyou',
    { content: 'Hello\nyou' },
    { prompt: '>>>' },
  ],
  [
    'Seed',
    '<seed:tool_call>',
    '<seed:think>a</seed:think>b<seed:tool_call>\n<function=get_weather>\n<parameter=city>Paris</parameter>\n</function>\n</seed:tool_call>',
    { thinking: 'a', content: 'b', calls: [paris] },
  ],
  [
    'Apertus',
    '<|tools_prefix|>',
    '<|inner_prefix|>a<|inner_suffix|><|tools_prefix|>[{"get_weather": {"city": "Paris"}}, {"now": {}}]<|tools_suffix|>',
    { thinking: 'a', calls: [paris, now] },
  ],
  [
    'DeepSeek V3.2',
    '｜DSML｜ … function_calls>',
    'Ok\n\n<｜DSML｜function_calls>\n<｜DSML｜invoke name="get_weather">\n<｜DSML｜parameter name="city" string="true">Paris</｜DSML｜parameter>\n<｜DSML｜parameter name="days" string="false">3</｜DSML｜parameter>\n</｜DSML｜invoke>\n</｜DSML｜function_calls>',
    { content: 'Ok', calls: [['get_weather', { city: 'Paris', days: 3 }]] },
  ],
  [
    'MiniMax M1, a call on each line',
    '<tool_calls></tool_calls>',
    '<tool_calls>\n{"name": "get_weather", "arguments": {"city": "Paris"}}\n{"name": "now", "arguments": {}}\n</tool_calls>',
    { calls: [paris, now] },
  ],
  ['LFM2.5', 'List of tools: [', '<|tool_call_start|>[now()]<|tool_call_end|>', { calls: [now] }],
  ['Nemotron Nano 2', '<TOOLCALL>', '<TOOLCALL>[{"name": "now", "arguments": {}}]</TOOLCALL>', { calls: [now] }],
  [
    'Phi 4 mini',
    '<|tool_call|><|/tool_call|>',
    '<|tool_call|>[{"name": "now", "arguments": {}}]<|/tool_call|>',
    { calls: [now] },
  ],
  [
    'Granite 3',
    '<|tool_call|>',
    '<|tool_call|>[{"name": "get_weather", "arguments": {"city": "Paris"}}]',
    { calls: [paris] },
  ],
  ['Firefunction', 'functools[', ' functools[{"name": "now", "arguments": {}}]', { calls: [now] }],
  ['thinking alone', "{{ content.split('</think>') }}", '<think>a</think>b', { thinking: 'a', content: 'b' }],
  ['nothing', '{{ messages }}', '<think>a</think>', { content: '<think>a</think>' }],
]

describe('told by the template', () => {
  test.each(inferred.map(row => ({ row, what: row[0] })))(
    '$what',
    ({ row: [, template, answer, expected, reading] }) => {
      expect(read(inferredFormat(template), answer, reading)).toEqual(expected)
    },
  )
})

test('no format has a marker that begins another of the same kind: the streaming machine could not tell them apart', () => {
  for (const { names, format } of formatRows) {
    const markers = [...new Set(format.markers)]
    for (const marker of markers) {
      const longer = markers.filter(other => other !== marker && other.startsWith(marker))
      expect(longer, `${names}: ${marker}`).toEqual([])
    }
  }
})

test('a format without a name upstream knows is none', () => {
  expect(namedFormat('nobody')).toBeUndefined()
})
