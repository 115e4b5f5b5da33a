import { describe, expect, test } from 'vitest'
import { chatSource, generateSource, isOllamaRendered } from '../../../../main/inference/prompt/prompt-source.ts'
import type { ChatMessage, Tool } from '../../../../main/inference/requests.ts'
import { families as family } from './families.ts'
import { assistant, facts, model, system, user } from './models.ts'
import { read } from './output/reading.ts'
import { type Options, renderChat, renderGenerate } from './rendered.ts'

const weather: Tool = {
  type: 'function',
  function: {
    name: 'get_weather',
    description: 'Weather of a <city>',
    parameters: {
      type: 'object',
      required: ['city'],
      properties: { city: { type: 'string', description: 'Name', minLength: 1 }, days: { type: ['integer', 'null'] } },
    },
  },
}
const weatherJson =
  '{"type":"function","function":{"name":"get_weather","description":"Weather of a \\u003ccity\\u003e","parameters":' +
  '{"type":"object","required":["city"],"properties":{"city":{"type":"string","description":"Name"},"days":{"type":["integer","null"]}}}}}'

const call: ChatMessage = {
  role: 'assistant',
  content: '',
  toolCalls: [{ id: 'call_1', function: { index: 0, name: 'get_weather', arguments: { city: 'Paris', days: 3 } } }],
}
const result: ChatMessage = { role: 'tool', content: 'sunny', toolName: 'get_weather', toolCallId: 'call_1' }

const chat = async (
  template: string,
  messages: readonly ChatMessage[],
  options: Options & { tools?: readonly Tool[] } = {},
) => (await renderChat(model({ template }), facts(), { messages, tools: options.tools }, options)).text

describe('Go templates of the families', () => {
  const turns = [system('Be brief.'), user('Hi'), assistant('Hello'), user('Bye')]

  // As upstream's types print them: a prompt that differs is read anew, and no longer what the model was made for.
  test('print the parameters of a tool by their names, and those within one as they were sent', async () => {
    const place = { type: 'object', properties: { y: { type: 'number' }, x: { type: 'number' } } }
    const parameters = { type: 'object', properties: { unit: { type: 'string' }, place } }
    const tool: Tool = { type: 'function', function: { name: 'f', parameters } }
    const printed = '{"type":"object","properties":{"y":{"type":"number"},"x":{"type":"number"}}}'
    expect(
      await chat('{{ range .Tools }}{{ .Function.Parameters }}{{ end }}{{ range .Messages }}{{ end }}', [user('x')], {
        tools: [tool],
      }),
    ).toBe(`{"type":"object","properties":{"place":${printed},"unit":{"type":"string"}}}`)
  })

  test.each([
    ['none', {}, '{"type":"","properties":null}', '{} null'],
    ['none of it', { type: 'object' }, '{"type":"object","properties":null}', '{} null'],
    ['null', { type: 'object', properties: null }, '{"type":"object","properties":null}', '{} null'],
    ['empty ones', { type: 'object', properties: {} }, '{"type":"object","properties":{}}', '{} {}'],
  ])('print properties of a tool that has %s', async (_, parameters, whole, alone) => {
    const tool: Tool = { type: 'function', function: { name: 'f', parameters } }
    const printed =
      '{{ range .Tools }}{{ . }}|{{ json .Function.Parameters.Properties | printf "%s %s" .Function.Parameters.Properties }}{{ end }}'
    expect(await chat(`${printed}{{ range .Messages }}{{ end }}`, [user('x')], { tools: [tool] })).toBe(
      `{"type":"function","function":{"name":"f","description":"","parameters":${whole}}}|${alone}`,
    )
  })

  test.each<[name: keyof typeof family, expected: string]>([
    [
      'chatml',
      '<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\nHello<|im_end|>\n<|im_start|>user\nBye<|im_end|>\n<|im_start|>assistant\n',
    ],
    [
      'chatmlLegacy',
      '<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\nHello<|im_end|>\n<|im_start|>user\nBye<|im_end|>\n<|im_start|>assistant\n',
    ],
    [
      'llama3',
      '<|start_header_id|>system<|end_header_id|>\n\nBe brief.<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nHi<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\nHello<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nBye<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n',
    ],
    ['mistral', '[INST] Hi[/INST] Hello</s>[INST] Be brief.\n\nBye[/INST]'],
    [
      'gemma',
      '<start_of_turn>user\nBe brief.\n\nHi<end_of_turn>\n<start_of_turn>model\nHello<end_of_turn>\n<start_of_turn>user\nBye<end_of_turn>\n<start_of_turn>model\n',
    ],
    [
      'phi3',
      '<|system|>\nBe brief.<|end|>\n<|user|>\nHi<|end|>\n<|assistant|>\nHello<|end|>\n<|user|>\nBye<|end|>\n<|assistant|>\n',
    ],
    [
      'commandR',
      '<|START_OF_TURN_TOKEN|><|SYSTEM_TOKEN|>Be brief.<|END_OF_TURN_TOKEN|><|START_OF_TURN_TOKEN|><|USER_TOKEN|>Hi<|END_OF_TURN_TOKEN|><|START_OF_TURN_TOKEN|><|CHATBOT_TOKEN|>Hello<|END_OF_TURN_TOKEN|><|START_OF_TURN_TOKEN|><|USER_TOKEN|>Bye<|END_OF_TURN_TOKEN|><|START_OF_TURN_TOKEN|><|CHATBOT_TOKEN|>',
    ],
    [
      'alpaca',
      'Be brief.\n\n### Instruction:\nHi\n\n### Response:\nHello\n\n\n\n### Instruction:\nBye\n\n### Response:\n',
    ],
    ['deepseek', 'Be brief.<｜User｜>Hi<｜Assistant｜>Hello<｜end▁of▁sentence｜><｜User｜>Bye<｜Assistant｜>'],
    [
      'qwen3',
      '<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\nHello<|im_end|>\n<|im_start|>user\nBye<|im_end|>\n<|im_start|>assistant\n',
    ],
  ])('%s', async (name, expected) => {
    expect(await chat(family[name], turns)).toBe(expected)
  })

  test('an answer that was begun goes on, in both kinds of template', async () => {
    const begun = [user('Hi'), assistant('Hello, my')]
    expect(await chat(family.chatmlLegacy, begun)).toBe(
      '<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\nHello, my',
    )
    expect(await chat(family.phi3, begun)).toBe('<|user|>\nHi<|end|>\n<|assistant|>\nHello, my')
    expect(await chat(family.llama3, begun)).toMatch(/assistant<\|end_header_id\|>\n\nHello, my$/)
  })

  test('tools, a call and its result', async () => {
    const messages = [user('Weather?'), call, result]
    expect(await chat(family.llama3, messages, { tools: [weather] })).toBe(
      '<|start_header_id|>system<|end_header_id|>\n\n\nAnswer a call of a function with its name and parameters.<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nWeather?<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n{"name": "get_weather", "parameters": {"city":"Paris","days":3}}<|eot_id|><|start_header_id|>ipython<|end_header_id|>\n\nsunny<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n',
    )
    expect(await chat(family.mistral, messages, { tools: [weather] })).toBe(
      `[AVAILABLE_TOOLS] [${weatherJson}][/AVAILABLE_TOOLS][INST] Weather?[/INST][TOOL_CALLS] [{"name": "get_weather", "arguments": {"city":"Paris","days":3}}]</s>[TOOL_RESULTS] {"content": "sunny"}[/TOOL_RESULTS]`,
    )
  })

  test('thinking on, off and unset', async () => {
    const end = async (options: Options) => (await chat(family.qwen3, [user('Hi')], options)).split('user\n')[1]
    expect(await end({})).toBe('Hi<|im_end|>\n<|im_start|>assistant\n')
    expect(await end({ think: true })).toBe('Hi /think<|im_end|>\n<|im_start|>assistant\n')
    expect(await end({ think: 'low' })).toBe('Hi /think<|im_end|>\n<|im_start|>assistant\n')
    expect(await end({ think: false })).toBe('Hi /no_think<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\n')
  })

  test('gpt-oss: date, level, types of tools, names made identifiers, and its calls read back', async () => {
    const odd = { ...weather, function: { ...weather.function, name: 'get weather-2' } }
    const oss = model({ template: family.gptOss, config: { model_family: 'gptoss' } })
    const messages = [
      user('Weather?'),
      { ...call, toolCalls: [{ function: { name: 'get weather-2', arguments: { city: 'Paris' } } }] },
    ]
    const prompt = await renderChat(
      oss,
      facts(),
      { messages, tools: [odd] },
      { think: 'max', now: () => new Date(2026, 0, 2) },
    )
    expect(prompt.text).toBe(
      '<|start|>system<|message|>Current date: 2026-01-02\n\nReasoning: high<|end|><|start|>developer<|message|>namespace functions {\ntype get_weather_2 = (_: {\ncity: string,\ndays: number | null,\n}) => any;\n}<|end|><|start|>user<|message|>Weather?<|end|><|start|>assistant<|channel|>commentary to=functions.get_weather_2<|message|>{"city":"Paris"}<|call|><|start|>assistant',
    )
    expect(prompt.output.toolNames?.get('get_weather_2')).toBe('get weather-2')
    expect(prompt.output.thinks).toBe(true)
    expect(prompt.stop).toContain('<|call|>')
    expect(prompt.preservedTokens).toContain('<|channel|>')
  })
})

describe('the messages of a chat', () => {
  test("the model's own come first, its system text in front of all", async () => {
    const own = model({ template: family.chatml, system: 'Own.', messages: [user('a'), assistant('b')] })
    const text = async (messages: ChatMessage[]) =>
      (await renderChat(own, facts(), { messages })).text.replace(/<\|im_(start|end)\|>/g, '|')
    expect(await text([user('c')])).toBe('|system\nOwn.|\n|user\na|\n|assistant\nb|\n|user\nc|\n|assistant\n')
    expect(await text([system('Theirs.'), user('c')])).toBe(
      '|user\na|\n|assistant\nb|\n|system\nTheirs.|\n|user\nc|\n|assistant\n',
    )
  })

  test('neighbours of one role become one message, results of tools stay apart', async () => {
    const template = '{{ range .Messages }}[{{ .Role }}:{{ .Content }}]{{ end }}{{ .System }}'
    expect(await chat(template, [system('A'), system('B'), user('c'), user('d'), result, result])).toBe(
      '[system:A\n\nB][user:c\n\nd][tool:sunny][tool:sunny]A\n\nB',
    )
  })

  test('old thinking is cut from the models that print it', async () => {
    const messages = [user('a'), assistant('<think>old</think>\n\nb'), user('c'), assistant('<think>new</think>d')]
    const text = async (parts: Parameters<typeof model>[0]) =>
      (
        await renderChat(model({ template: '{{ range .Messages }}{{ .Content }}|{{ end }}', ...parts }), facts(), {
          messages,
        })
      ).text
    expect(await text({ config: { model_family: 'qwen3' } })).toBe('a|b|c|<think>new</think>d|')
    expect(await text({ name: { ...model().name, model: 'deepseek-r1' } })).toBe('a|b|c|<think>new</think>d|')
    expect(await text({})).toBe('a|<think>old</think>\n\nb|c|<think>new</think>d|')
  })

  test('results of tools are nothing to a template that has no messages', async () => {
    expect(await chat(family.alpaca, [user('a'), call, result, user('b')])).not.toContain('sunny')
  })
})

describe('pictures', () => {
  const [a, b, c] = [new Uint8Array([1]), new Uint8Array([2]), new Uint8Array([3])]

  test('stand in front of the text, or where the text says', async () => {
    const messages = [
      { ...user('first'), images: [a] },
      { ...user('left [img] right'), images: [b, c] },
    ]
    const prompt = await renderChat(model({ template: '{{ range .Messages }}{{ .Content }}{{ end }}' }), facts(), {
      messages,
    })
    expect(prompt.text).toBe('[img-0]first\n\n[img-2]left [img-1] right')
    expect(prompt.images).toEqual([a, b, c])
  })

  test('stand behind the text in a Jinja template', async () => {
    const prompt = await renderChat(model(), facts({ chatTemplate: '{{ messages[0].content }}' }), {
      messages: [{ ...user('what?'), images: [a, b] }],
    })
    expect(prompt.text).toBe('what?[img-0][img-1]')
  })

  test('are numbered after dropping old messages', async () => {
    const messages = [{ ...user('old'), images: [a] }, assistant('x'), { ...user('new'), images: [b] }]
    const room = { contextSize: 110, tokensPerImage: 100, countTokens: async (text: string) => text.length }
    const prompt = await renderChat(
      model({ template: '{{ range .Messages }}{{ .Content }}{{ end }}' }),
      facts(),
      { messages },
      { room },
    )
    expect(prompt.text).toBe('x[img-0]new')
    expect(prompt.images).toEqual([b])
  })

  test('one at most for a model that can take one', async () => {
    const one = model({ template: family.chatml, config: { model_families: ['mllama'] } })
    await expect(renderChat(one, facts(), { messages: [{ ...user('x'), images: [a, b] }] })).rejects.toMatchObject({
      status: 400,
      message: 'this model only supports one image while more than one image requested',
    })
  })
})

describe('which template is taken', () => {
  const go = '{{ range .Messages }}go:{{ .Content }}{{ end }}'
  const jinja = 'jinja:{{ messages[-1].content }}'
  const goTools = '{{ .Tools }}{{ range .Messages }}go:{{ .Content }}{{ end }}'
  const goRoundTrip =
    '{{ if false }}{{ .Tools }}{{ end }}{{ range .Messages }}go:{{ .Content }}{{ if .ToolCalls }}{{ end }}{{ if eq .Role "tool" }}{{ end }}{{ end }}'
  const jinjaTools = 'jinja:{{ messages[-1].content }}{% if tools %}{% endif %}'
  const jinjaRoundTrip =
    "jinja:{{ messages[-1].content }}{% if tools and messages[0].tool_calls and messages[0].role == 'tool' %}{% endif %}"

  test.each<
    [
      what: string,
      template: string | undefined,
      chatTemplate: string | undefined,
      setting: boolean | undefined,
      expected: string,
    ]
  >([
    ['only Go', go, undefined, undefined, 'go:x'],
    ['only Jinja', undefined, jinja, undefined, 'jinja:x'],
    ['neither: the question itself', undefined, undefined, undefined, 'x'],
    ['both alike: Go', go, jinja, undefined, 'go:x'],
    ['Jinja can do more', go, jinjaTools, undefined, 'jinja:x'],
    ['Jinja can do more, but Go is asked for', go, jinjaTools, true, 'go:x'],
    ['Jinja is asked for', go, jinja, false, 'jinja:x'],
    ['Jinja is asked for and missing', go, undefined, false, 'go:x'],
    ['both have tools, only Jinja takes results', goTools, jinjaRoundTrip, undefined, 'jinja:x'],
    ['both take results', goRoundTrip, jinjaRoundTrip, undefined, 'go:x'],
  ])('%s', async (_, template, chatTemplate, goTemplate, expected) => {
    const prompt = await renderChat(
      model({ template }),
      facts({ chatTemplate }),
      { messages: [user('x')] },
      { goTemplate },
    )
    expect(prompt.text).toBe(expected)
  })

  test('a renderer means the Jinja template it was made from', async () => {
    const named = model({ template: goTools, config: { renderer: 'qwen3-coder', parser: 'qwen3-coder' } })
    expect((await renderChat(named, facts({ chatTemplate: jinja }), { messages: [user('x')] })).text).toBe('jinja:x')
    const unwritten = model({ template: goTools, config: { renderer: 'glimmer' } })
    expect((await renderChat(unwritten, facts(), { messages: [user('x')] })).text).toBe('[]go:x')
  })

  // Upstream guards the answers to its own prompts against repetition, and leaves the others to llama-server.
  test("a prompt is Ollama's own unless its GGUF's template is taken for lack of another", () => {
    const said = { messages: [user('x')] }
    const chatTemplate = jinja
    const own = [
      chatSource(model({ template: go }), facts({ chatTemplate }), said),
      chatSource(model({ config: { renderer: 'qwen3.5' } }), facts({ chatTemplate }), said),
      chatSource(model(), facts(), said),
      generateSource(model(), facts({ chatTemplate }), { prompt: 'x', raw: true }),
      generateSource(model(), facts({ chatTemplate }), { prompt: 'x', suffix: 'y' }),
      generateSource(model(), facts({ chatTemplate }), { prompt: 'x', template: go }),
    ]
    expect(own.map(isOllamaRendered)).toEqual(own.map(() => true))
    expect(isOllamaRendered(chatSource(model(), facts({ chatTemplate }), said))).toBe(false)
  })

  test('an unknown renderer is an error', async () => {
    await expect(
      renderChat(model({ config: { renderer: 'x"y' } }), facts(), { messages: [user('x')] }),
    ).rejects.toMatchObject({
      status: 500,
      message: 'unknown renderer "x\\"y"',
    })
  })

  test('a parser alone keeps the Go template', async () => {
    const named = model({ template: go, config: { parser: 'qwen3' } })
    expect((await renderChat(named, facts({ chatTemplate: jinjaTools }), { messages: [user('x')] })).text).toBe('go:x')
  })
})

describe('BOS', () => {
  test.each([
    ['written by the template and by the tokenizer', true, '<s>', '<s>Hi', 'Hi'],
    ['written by the template alone', false, '<s>', '<s>Hi', '<s>Hi'],
    ['written by the tokenizer alone', true, '<s>', 'Hi', 'Hi'],
    ['the literal one', true, undefined, '<bos>Hi', 'Hi'],
    ['only once', true, '<s>', '<s><s>Hi', '<s>Hi'],
  ])('%s', async (_, addsBos, bosToken, template, expected) => {
    expect(
      (
        await renderChat(model({ template: `${template}{{ if .Messages }}{{ end }}` }), facts({ addsBos, bosToken }), {
          messages: [user('x')],
        })
      ).text,
    ).toBe(expected)
  })
})

describe('generate', () => {
  const generate = async (
    parts: Parameters<typeof model>[0],
    request: Parameters<typeof renderGenerate>[2],
    options: Options = {},
  ) => (await renderGenerate(model(parts), facts(), request, options)).text

  test('a prompt is a chat of one message', async () => {
    expect(await generate({ template: family.phi3, system: 'S' }, { prompt: 'Hi' })).toBe(
      '<|system|>\nS<|end|>\n<|user|>\nHi<|end|>\n<|assistant|>\n',
    )
    expect(await generate({ template: family.phi3, system: 'S' }, { prompt: 'Hi', system: 'T' })).toContain(
      '<|system|>\nT<|end|>',
    )
  })

  test("the model's messages come before, unless a context does", async () => {
    const parts = { template: family.chatml, messages: [user('a'), assistant('b')] }
    expect(await generate(parts, { prompt: 'Hi' })).toContain('user\na')
    expect(await generate(parts, { prompt: 'Hi', context: [1] })).not.toContain('user\na')
  })

  test('raw stays raw', async () => {
    expect(await generate({ template: family.phi3, system: 'S' }, { prompt: '<s>{{ x', raw: true })).toBe('<s>{{ x')
  })

  test('a gap between two texts', async () => {
    expect(
      await generate({ template: family.fillInTheMiddle, system: 'S' }, { prompt: 'def f(', suffix: 'return 1' }),
    ).toBe('<PRE>def f(<SUF>return 1<MID>')
  })

  test('a template of the request', async () => {
    expect(
      await generate(
        { template: family.phi3 },
        { prompt: 'Hi', template: '[{{ .System }}|{{ .Prompt }}]', system: 'S' },
      ),
    ).toBe('[S|Hi]')
    await expect(generate({}, { prompt: 'Hi', template: '{{ .Prompt' })).rejects.toMatchObject({
      status: 500,
      message: 'template: :1: unclosed action',
    })
    await expect(generate({}, { prompt: 'Hi', template: '{{ nope }}' })).rejects.toMatchObject({
      status: 500,
      message: 'template: :1: function "nope" not defined',
    })
    await expect(generate({}, { prompt: 'Hi', template: '{{ .Prompt.x }}' })).rejects.toMatchObject({
      status: 500,
      message: expect.stringMatching(/^template: :1:10: executing "" at <.Prompt.x>: can't evaluate field x/),
    })
  })
})

describe('how the answer will be read', () => {
  const plan = async (
    parts: Parameters<typeof model>[0],
    options: Options & { tools?: readonly Tool[]; chatTemplate?: string } = {},
  ) =>
    (
      await renderChat(
        model(parts),
        facts({ chatTemplate: options.chatTemplate }),
        { messages: [user('x')], tools: options.tools },
        options,
      )
    ).output

  test('tags of a Go template count only when thinking is asked for', async () => {
    expect((await plan({ template: family.qwen3 }, { think: true })).format.thinking).toEqual({
      open: '<think>',
      close: ['</think>'],
    })
    expect((await plan({ template: family.qwen3 }, { think: false })).format.thinking).toBeUndefined()
  })

  test('calls of a Go template count only when there are tools', async () => {
    expect((await plan({ template: family.qwen3 }, { tools: [weather] })).format.calls).toBe(true)
    expect((await plan({ template: family.qwen3 })).format.calls).toBe(false)
    expect((await plan({ template: family.qwen3 }, { tools: [weather] })).format.markers).toContain('<tool_call>')
  })

  test('a parser reads calls even when nobody offered tools', async () => {
    expect((await plan({ template: family.qwen3, config: { parser: 'qwen3-coder' } })).context.readsCalls).toBe(true)
    expect((await plan({}, { chatTemplate: '<tool_call>' })).context.readsCalls).toBe(false)
  })

  test('a grammar waits for the end of thinking only when there is some', async () => {
    expect((await plan({ template: family.qwen3 }, { think: true })).thinks).toBe(true)
    expect((await plan({ template: family.chatml }, { think: true })).thinks).toBe(false)
    expect((await plan({ config: { parser: 'qwen3' } }, { think: false })).thinks).toBe(false)
  })
})

describe('Jinja templates', () => {
  const chat = async (
    chatTemplate: string,
    messages: readonly ChatMessage[],
    options: Options & { tools?: readonly Tool[] } = {},
  ) =>
    (
      await renderChat(
        model(),
        facts({ chatTemplate, bosToken: '<s>', eosToken: '</s>' }),
        { messages, tools: options.tools },
        options,
      )
    ).text

  const simple =
    '{% for m in messages %}[{{ m.role }}:{{ m.content }}]{% endfor %}{% if add_generation_prompt %}>{% endif %}'

  test('get what llama-server gives them', async () => {
    const shown =
      '{{ bos_token }}{{ eos_token }}{{ enable_thinking }}{{ reasoning_effort }}{{ tools is defined }}{{ messages[0].content }}'
    expect(await chat(shown, [user('x')])).toBe('<s></s>Falsex')
    expect(await chat(shown, [user('x')], { think: true })).toBe('<s></s>TrueFalsex')
    expect(await chat(shown, [user('x')], { think: false })).toBe('<s></s>FalseFalsex')
    expect(await chat(shown, [user('x')], { think: 'high' })).toBe('<s></s>TruehighFalsex')
    expect(await chat(shown, [user('x')], { tools: [weather] })).toBe('<s></s>Truex')
  })

  test('get the switch and the level of thinking by the names of their families', async () => {
    const shown = '{{ thinking }} {{ thinking_mode }} {{ thinking_effort }} {{ messages[0].content }}'
    expect(await chat(shown, [user('x')], { think: true })).toBe('True enabled  x')
    expect(await chat(shown, [user('x')], { think: false })).toBe('False disabled  x')
    expect(await chat(shown, [user('x')], { think: 'low' })).toBe('True enabled low x')
  })

  test('are told the day, as llama.cpp tells them, and Firefunction its tools as a text', async () => {
    const now = () => new Date(2026, 0, 2)
    const shown = '{{ date_string }} {{ datetime }} {{ functions }} {{ messages[0].content }}'
    expect(await chat(shown, [user('x')], { now })).toBe('02 Jan 2026 Jan 02 2026  x')
    const firefunction = '{{ messages[0].content + functions }}{# functools[ #}'
    expect(await chat(firefunction, [user('x')])).toBe('x[]')
    expect(await chat(firefunction, [user('x')], { tools: [weather] })).toContain('"name": "get_weather"')
  })

  test('that think only when they are told how much are told to', async () => {
    const template =
      "{{ messages[0].content }}{{ '<think>' }}{% if reasoning_effort is not defined %}{{ '</think>' }}{% endif %}"
    expect(await chat(template, [user('x')], { think: true })).toBe('x<think>')
    expect(await chat(template, [user('x')], { think: 'low' })).toBe('x<think>')
    expect(await chat(template, [user('x')], { think: false })).toBe('x<think></think>')
  })

  test('that open the thinking although it was turned off are read as they are', async () => {
    const template = "{{ messages[0].content }}<think>\n{{ '' if true else '</think>' }}"
    const prompt = await renderChat(
      model(),
      facts({ chatTemplate: template }),
      { messages: [user('x')] },
      { think: false },
    )
    // Else a grammar would bind the thinking, and all of the answer would be taken for it.
    expect(prompt.output.thinks).toBe(true)
  })

  test('have every special token of their format shown to its reader', async () => {
    const preserved = async (template: string) =>
      (await renderChat(model(), facts({ chatTemplate: template }), { messages: [user('x')] })).preservedTokens
    expect(await preserved('{# <|tool_call><tool_call|> #}{{ messages[0].content }}')).toContain('<|channel>')
    expect(await preserved('{# <|open|><|close|><|end_of_msg|> #}{{ messages[0].content }}')).toContain('<|sep|>')
  })

  test('see tools in the order they were sent, without the keywords Ollama drops', async () => {
    expect(await chat('{{ tools|tojson }}{{ messages[0].content }}', [user('')], { tools: [weather] })).toBe(
      '[{"type": "function", "function": {"name": "get_weather", "description": "Weather of a <city>", "parameters": {"type": "object", "required": ["city"], "properties": {"city": {"type": "string", "description": "Name"}, "days": {"type": ["integer", "null"]}}}}}]',
    )
  })

  test('that join texts get the arguments of calls as text, others as objects', async () => {
    const asText =
      "{% for m in messages %}{% for c in m.tool_calls %}{{ '<' + c.function.arguments + '>' }}{% endfor %}{% endfor %}"
    const asObject =
      '{% for m in messages %}{% for c in m.tool_calls %}{{ c.function.arguments|items|list }}{{ c.id }}{% endfor %}{{ m.tool_call_id }}{{ m.name }}{% endfor %}'
    expect(await chat(asText, [user('x'), call, result])).toBe('<{"city":"Paris","days":3}>')
    expect(await chat(asObject, [user('x'), call, result])).toBe(
      "[('city', 'Paris'), ('days', 3)]call_1call_1get_weather",
    )
  })

  test('that want parts get parts', async () => {
    const parts =
      "{% for m in messages %}{% for p in m.content %}{% if p.type == 'text' %}{{ p.text }}{% endif %}{% endfor %}{% endfor %}"
    expect(await chat(parts, [user('Hi')])).toBe('Hi')
  })

  // Codex and others send their instructions in this role: most templates skip it without a word.
  test('hear developers as the system, unless they know them', async () => {
    const said = [{ role: 'developer', content: 'Be brief.' }, user('Hi')]
    expect(await chat(simple, said)).toBe('[system:Be brief.][user:Hi]>')
    expect(await chat(`{# <|channel|> #}${simple}`, said)).toBe('[developer:Be brief.][user:Hi]>')
    const go = '{{ range .Messages }}[{{ .Role }}:{{ .Content }}]{{ end }}'
    expect((await renderChat(model({ template: go }), facts(), { messages: said })).text).toBe(
      '[system:Be brief.][user:Hi]',
    )
    const knowing = `{{/* developer */}}${go}`
    expect((await renderChat(model({ template: knowing }), facts(), { messages: said })).text).toBe(
      '[developer:Be brief.][user:Hi]',
    )
  })

  // Two system messages in a row are refused by some templates, and of two the one for gpt-oss hears the first alone.
  test("hear a developer in place of the model's own system prompt", async () => {
    const said = [{ role: 'developer', content: 'Be brief.' }, user('Hi')]
    const own = model({ system: 'Be kind.' })
    expect((await renderChat(own, facts({ chatTemplate: simple }), { messages: said })).text).toBe(
      '[system:Be brief.][user:Hi]>',
    )
  })

  test('without a system role get its text in front of the question', async () => {
    const none =
      "{% for m in messages %}{% if m.role == 'system' %}{{ raise_exception('System role not supported') }}{% endif %}{{ m.content }}|{% endfor %}"
    expect(await chat(none, [system('Be brief.'), user('Hi')])).toBe('Be brief.\nHi|')
  })

  test('go on with an answer that was begun', async () => {
    expect(await chat(simple, [user('Hi'), assistant('Hello, my')])).toBe('[user:Hi]>Hello, my')
    const thinker = `${simple}<think>\n{# </think> #}`
    expect(await chat(thinker, [user('Hi'), { ...assistant('So'), thinking: 'hm' }])).toBe(
      '[user:Hi]><think>\nhm\n</think>\n\nSo',
    )
    expect(await chat(thinker, [user('Hi'), { ...assistant(''), thinking: 'hm' }])).toBe('[user:Hi]><think>\nhm')
    expect(await chat(`${simple}{# <think></think> #}`, [user('Hi'), { ...assistant(''), thinking: 'hm' }])).toBe(
      '[user:Hi]><think>\nhm',
    )
  })

  test('a call at the end is no answer to go on with', async () => {
    expect(await chat(simple, [user('Hi'), call])).toBe('[user:Hi][assistant:]>')
  })

  // The parts of one message come as several: a question with two texts or a picture was an error 500.
  test('that insist on turns get neighbours of one role as one message', async () => {
    const strict =
      "{% for m in messages %}{% if (m.role == 'user') != (loop.index0 % 2 == 0) %}" +
      "{{ raise_exception('Roles must alternate') }}{% endif %}[{{ m.role }}:{{ m.content }}{% if m.tool_calls %}!{% endif %}]{% endfor %}"
    expect(await chat(strict, [user('a'), user('b'), assistant('c'), user('d')])).toBe(
      '[user:a\n\nb][assistant:c][user:d]',
    )
    expect(await chat(strict, [user('a'), assistant('b'), call, user('c')])).toBe('[user:a][assistant:b\n\n!][user:c]')
    expect(await chat(simple, [user('a'), user('b')])).toBe('[user:a][user:b]>')
    const picture = new Uint8Array([1])
    const shown = await renderChat(model(), facts({ chatTemplate: strict }), {
      messages: [user('What?'), { ...user(''), images: [picture] }],
    })
    expect(shown).toMatchObject({ text: '[user:What?\n\n[img-0]]', images: [picture], messages: 2 })
    await expect(chat(strict, [assistant('a'), user('b'), user('c')])).rejects.toMatchObject({
      status: 500,
      message: 'Roles must alternate',
    })
  })

  // Llama 3 refuses, gpt-oss takes the first alone: the second turn of such a chat would fail, or an instruction be lost.
  describe('hear all of a conversation', () => {
    const firstSystem =
      "{% if messages[0].role == 'system' %}[system:{{ messages[0].content }}]{% endif %}" +
      "{% for m in messages %}{% if m.role != 'system' %}[{{ m.role }}:{{ m.content }}]{% endif %}{% endfor %}"

    test('also system messages where they take one, at the beginning', async () => {
      const messages = [system('a'), system('b'), user('c'), assistant('d'), system('e'), user('f')]
      expect(await chat(firstSystem, messages)).toBe('[system:a\n\nb][user:c][assistant:d][user:e][user:f]')
      expect(await chat(simple, messages)).toBe('[system:a][system:b][user:c][assistant:d][system:e][user:f]>')
      expect(await chat(simple, [user('c'), system('e')])).toBe('[user:c][system:e]>')
    })

    // Olmo 3: guidance would come as a part of the question.
    test('also the system message where no tools must be none', async () => {
      const toldNone =
        "{% for m in messages %}[{{ m.role }}:{{ m.content }}{% if m.role == 'system' and tools is not none %}{{ tools | tojson }}{% endif %}]{% endfor %}"
      expect(await chat(toldNone, [system('a'), user('b')])).toBe('[system:a][user:b]')
    })

    test('also all system messages where the last takes the place of others', async () => {
      const lastSystem =
        "{% set ns = namespace(text='') %}{% for m in messages %}{% if m.role == 'system' %}{% set ns.text = m.content %}" +
        "{% endif %}{% endfor %}[system:{{ ns.text }}]{% for m in messages %}{% if m.role != 'system' %}" +
        '[{{ m.role }}:{{ m.content }}]{% endif %}{% endfor %}'
      const messages = [system('a'), user('b'), assistant('c'), system('d'), user('e')]
      expect(await chat(lastSystem, messages)).toBe('[system:a][user:b][assistant:c][user:d][user:e]')
    })

    test('also where questions and answers must follow each other', async () => {
      const strict =
        "{% for m in messages %}{% if (m.role == 'user') != loop.first and m.role != 'assistant' and " +
        "(loop.first or messages[loop.index0 - 1].role != 'assistant') %}{{ raise_exception('by turns') }}{% endif %}" +
        "{% if m.role == 'assistant' and not m.content %}{{ raise_exception('empty') }}{% endif %}" +
        '[{{ m.role }}:{{ m.content }}]{% endfor %}'
      expect(await chat(strict, [user('a'), assistant('b'), system('c'), user('d')])).toBe(
        '[user:a][assistant:b][user:c\n\nd]',
      )
      expect(await chat(strict, [user('a'), assistant(''), user('b')])).toBe('[user:a\n\nb]')
      const begun = { ...assistant(''), thinking: 'Hm' }
      expect(await chat(`{# <think></think> #}${strict}`, [user('a'), user('b'), begun])).toBe(
        '[user:a\n\nb]<think>\nHm',
      )
    })

    const call = (id: string, name: string) => ({ id, function: { name, arguments: { zone: id } } })
    const calls = (...toolCalls: ReturnType<typeof call>[]): ChatMessage => ({
      role: 'assistant',
      content: 'I look.',
      toolCalls,
    })
    const result = (toolCallId: string | undefined, content: string): ChatMessage => ({
      role: 'tool',
      content,
      toolCallId,
    })
    const oneCall =
      "{% for m in messages %}{% if m.tool_calls %}{% if m.tool_calls | length > 1 %}{{ raise_exception('single') }}{% endif %}" +
      '[{{ m.content }}>{{ m.tool_calls[0].function.name }}{{ m.tool_calls[0].function.arguments | tojson }}]' +
      '{% else %}[{{ m.role }}:{{ m.content }}]{% endif %}{% endfor %}'

    test('also several calls at once where they take one, each with its own result', async () => {
      expect(
        await chat(oneCall, [
          user('q'),
          calls(call('1', 'now'), call('2', 'get_weather')),
          result('2', 'sun'),
          result('1', 'noon'),
          user('so'),
        ]),
      ).toBe('[user:q][I look.>now{"zone": "1"}][tool:noon][>get_weather{"zone": "2"}][tool:sun][user:so]')
      // Clients of Ollama's own need give no ids.
      expect(
        await chat(oneCall, [
          user('q'),
          calls(call('', 'now'), call('', 'get_weather')),
          result(undefined, 'noon'),
          result(undefined, 'sun'),
        ]),
      ).toBe('[user:q][I look.>now{"zone": ""}][tool:noon][>get_weather{"zone": ""}][tool:sun]')
      // They may name the tool, in whatever order its results came.
      expect(
        await chat(oneCall, [
          user('q'),
          calls(call('', 'now'), call('', 'get_weather')),
          { ...result(undefined, 'sun'), toolName: 'get_weather' },
          { ...result(undefined, 'noon'), toolName: 'now' },
        ]),
      ).toBe('[user:q][I look.>now{"zone": ""}][tool:noon][>get_weather{"zone": ""}][tool:sun]')
    })

    // Mistral's templates; ours are longer, and clients of Ollama's own need give none.
    test('also calls whose ids it would refuse', async () => {
      const nineLetters =
        '{% for m in messages %}{% for c in m.tool_calls or [] %}{% if c.id | length != 9 %}{{ raise_exception("ids") }}{% endif %}' +
        '[{{ c.id }}>{{ c.function.name }}{{ c.function.arguments | tojson }}]{% endfor %}' +
        '{% if m.role == "tool" and m.tool_call_id | length != 9 %}{{ raise_exception("ids") }}{% endif %}' +
        '[{{ m.tool_call_id }}:{{ m.content }}]{% endfor %}'
      expect(
        await chat(nineLetters, [
          calls(call('call_abcdefgh', 'now'), call('', 'get_weather')),
          { ...result(undefined, 'sun'), toolName: 'get_weather' },
          result('call_abcdefgh', 'noon'),
          calls(call('call_ijklmnop', 'now')),
          result(undefined, 'late'),
        ]),
      ).toBe(
        '[call00000>now{"zone": "call_abcdefgh"}][call00001>get_weather{"zone": ""}][:I look.][call00001:sun][call00000:noon]' +
          '[call00002>now{"zone": "call_ijklmnop"}][:I look.][call00002:late]',
      )
      expect(await chat(nineLetters, [calls(call('abcdefgh1', 'now')), result('abcdefgh1', 'noon')])).toBe(
        '[abcdefgh1>now{"zone": "abcdefgh1"}][:I look.][abcdefgh1:noon]',
      )
    })

    test('also tools with an argument that may be null', async () => {
      const endless =
        "{% macro named(s) %}{% if s.type is string and s.type != 'null' %}{{ s.type }}{% else %}" +
        "{% for t in s.type %}{{ named({'type': t if t | length > 1 else 'null'}) }}{% endfor %}{% endif %}{% endmacro %}" +
        '{% for t in tools %}{{ t.function.name }}({{ named(t.function.parameters.properties.zone) }}){% endfor %}{{ messages[0].content }}'
      const now = (type: unknown): Tool => ({
        type: 'function',
        function: { name: 'now', parameters: { type: 'object', properties: { zone: { type } } } },
      })
      expect(await chat(endless, [user('q')], { tools: [now(['string', 'null'])] })).toBe('now(string)q')
      expect(await chat(endless, [user('q')], { tools: [now(['string', 'integer'])] })).toBe('now(stringinteger)q')
    })

    // Upstream's renderer of LFM2 writes them; the model would hear a result of nothing.
    test.each([
      ['LFM2', 'List of tools: [', '<|tool_call_start|>[now(zone="1"), get_weather(zone="2")]<|tool_call_end|>'],
      [
        'Granite 3',
        '<|tool_call|>',
        '<|tool_call|>[{"name":"now","arguments":{"zone":"1"}},{"name":"get_weather","arguments":{"zone":"2"}}]',
      ],
    ])('also the calls that it leaves out: %s', async (_, signature, written) => {
      const template = `{# ${signature} #}{% for m in messages %}[{{ m.content }}]{% endfor %}`
      const messages = [user('q'), calls(call('1', 'now'), call('2', 'get_weather')), result('1', 'noon')]
      expect(await chat(template, messages)).toBe(`[q][${written}I look.][noon]`)
      const { format } = (await renderChat(model(), facts({ chatTemplate: template }), { messages, tools: [weather] }))
        .output
      expect(read(format, written).calls).toEqual([
        ['now', { zone: '1' }],
        ['get_weather', { zone: '2' }],
      ])
    })

    test('several calls at once stay together where they may', async () => {
      const all =
        '{% for m in messages %}[{{ m.content }}{% for c in m.tool_calls %}>{{ c.function.arguments | tojson }}{% endfor %}]{% endfor %}'
      expect(
        await chat(all, [user('q'), calls(call('1', 'now'), call('2', 'now')), result('1', 'a'), result('2', 'b')]),
      ).toBe('[q][I look.>{"zone": "1"}>{"zone": "2"}][a][b]')
    })
  })

  // Upstream's renderers write it; its native path leaves it out, for templates that would repeat it in every turn.
  test('get the thinking of earlier answers where they stand for a renderer', async () => {
    const shown = '{% for m in messages %}[{{ m.reasoning_content }}|{{ m.content }}]{% endfor %}'
    const messages = [user('a'), { ...assistant('b'), thinking: 'hm' }, user('c')]
    const text = async (renderer?: string) =>
      (await renderChat(model({ config: { renderer } }), facts({ chatTemplate: shown }), { messages })).text
    expect(await text('qwen3.5')).toBe('[|a][hm|b][|c]')
    expect(await text()).toBe('[|a][|b][|c]')
  })

  test('fail with their own words', async () => {
    const strict =
      "{% if messages[0].role != 'user' %}{{ raise_exception('Conversation must start with a user turn') }}{% endif %}{{ messages[0].content }}"
    await expect(chat(strict, [assistant('x'), user('y')])).rejects.toMatchObject({
      status: 500,
      message: 'Conversation must start with a user turn',
    })
    await expect(chat('{% nope %}', [user('y')])).rejects.toMatchObject({
      status: 500,
      message: "Encountered unknown tag 'nope'. (line 1)",
    })
  })
})
