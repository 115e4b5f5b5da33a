import { describe, expect, it } from 'vitest'
import { parseGoTemplate, renderMessages } from '../../../../main/inference/prompt/go-rendering.ts'
import { detectTemplate } from '../../../../main/inference/prompt/known-templates.ts'
import { templateTable } from '../../../../main/inference/prompt/template-table.ts'
import type { GgufFacts } from '../../../../main/library/model.ts'

const detect = (chatTemplate: string | undefined, { bosToken = '<s>', eosToken = '</s>' } = {}) =>
  detectTemplate({ chatTemplate, bosToken, eosToken } as GgufFacts)?.name

const each = (body: string) => `{% for message in messages %}${body}{% endfor %}`
const prompt = (text: string) => `{% if add_generation_prompt %}{{ ${text} }}{% endif %}`

const chatMl = `${each("{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n' }}")}${prompt("'<|im_start|>assistant\\n'")}`
const llama3 = `${each("{% set content = '<|start_header_id|>' + message['role'] + '<|end_header_id|>\\n\\n' + message['content'] | trim + '<|eot_id|>' %}{% if loop.index0 == 0 %}{% set content = bos_token + content %}{% endif %}{{ content }}")}${prompt("'<|start_header_id|>assistant<|end_header_id|>\\n\\n'")}`
const gemma = `{{ bos_token }}{% if messages[0]['role'] == 'system' %}{{ raise_exception('System role not supported') }}{% endif %}${each("{% if message['role'] == 'assistant' %}{% set role = 'model' %}{% else %}{% set role = message['role'] %}{% endif %}{{ '<start_of_turn>' + role + '\\n' + message['content'] | trim + '<end_of_turn>\\n' }}")}${prompt("'<start_of_turn>model\\n'")}`
const zephyr = `${each("{{ '<|' + message['role'] + '|>\\n' + message['content'] + eos_token + '\\n' }}")}${prompt("'<|assistant|>\\n'")}`

/** A template that writes a text for each role, and `before` where the answer begins. */
const byRole = (texts: Readonly<Record<string, string>>, before: string) =>
  each(
    Object.entries(texts)
      .map(([role, text]) => `{% if message.role == '${role}' %}{{ ${text} }}{% endif %}`)
      .join(''),
  ) + prompt(before)
const headed = (system: string, user: string, assistant: string) =>
  byRole(
    {
      system: `'${system}\n' + message.content + '\n\n'`,
      user: `'${user}\n' + message.content + '\n\n'`,
      assistant: `'${assistant}\n' + message.content + '\n\n'`,
    },
    `'${assistant}\n'`,
  )
const commandR = (role: string) =>
  `'<|START_OF_TURN_TOKEN|><|${role}_TOKEN|>' + message.content + '<|END_OF_TURN_TOKEN|>'`
const mistral = `{{ bos_token }}${each(
  "{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('roles must alternate') }}{% endif %}" +
    `{% if message['role'] == 'user' %}{{ '[INST] ' + message['content'] + ' [/INST]' }}{% else %}{{ message['content'] + eos_token }}{% endif %}`,
)}`

/** Each question begins a text of its own; a system prompt stands in the first one. */
const llama2 = `{% if messages[0].role == 'system' %}{% set guidance = messages[0].content %}{% set turns = messages[1:] %}{% else %}{% set turns = messages %}{% endif %}${[
  '{% for turn in turns %}',
  "{% if turn.role == 'user' %}{{ bos_token + '[INST] ' }}{% if loop.first and guidance %}{{ '<<SYS>>\n' + guidance + '\n<</SYS>>\n\n' }}{% endif %}{{ turn.content | trim + ' [/INST]' }}",
  "{% else %}{{ ' ' + turn.content | trim + ' ' + eos_token }}{% endif %}",
  '{% endfor %}',
].join('')}`
const codeLlama70b = `{{ '<s>' }}${each("{{ 'Source: ' + message.role + '\n\n ' + message.content | trim + ' <step> ' }}")}{{ 'Source: assistant\nDestination: user\n\n ' }}`
/** A line each, and none behind the last one. */
const falcon180b = `${each("{% if not loop.first %}{{ '\n' }}{% endif %}{{ {'system': 'System: ', 'user': 'User: ', 'assistant': 'Falcon: '}[message.role] + message.content }}")}${prompt("'\nFalcon:'")}`
/** Models for code that refuse a system prompt and begin with one of their own. */
const codingAssistant = (mark: string, end: string) =>
  `{{ bos_token + 'You are an exceptionally intelligent coding assistant that consistently delivers accurate and reliable responses to user instructions.\n\n' }}${each(
    `{% if message.role == 'system' %}{{ raise_exception('no system prompt') }}{% elif message.role == 'user' %}{{ '${mark} Instruction\n' + message.content + '\n\n' }}{% else %}{{ '${mark} Response\n' + message.content + ${end} }}{% endif %}`,
  )}{{ '${mark} Response\n' }}`

describe('a template known by what it writes', () => {
  it.each([
    ['chatml', chatMl],
    ['llama3-instruct', llama3],
    ['gemma-instruct', gemma],
    ['zephyr', zephyr],
    [
      'command-r',
      byRole(
        { system: commandR('SYSTEM'), user: commandR('USER'), assistant: commandR('CHATBOT') },
        "'<|START_OF_TURN_TOKEN|><|CHATBOT_TOKEN|>'",
      ),
    ],
    ['granite-instruct', headed('System:', 'Question:', 'Answer:')],
    ['solar-instruct', headed('### System:', '### User:', '### Assistant:')],
    [
      'alpaca',
      byRole(
        {
          system: "message.content + '\n\n'",
          user: "'### Instruction:\n' + message.content + '\n\n'",
          assistant: "'### Response:\n' + message.content + '\n\n'",
        },
        "'### Response:\n'",
      ),
    ],
    [
      'openchat',
      `{{ bos_token }}${each("{{ 'GPT4 Correct ' + message['role'].title() + ': ' + message['content'] + '<|end_of_turn|>' }}")}${prompt("'GPT4 Correct Assistant:'")}`,
    ],
    ['mistral-instruct', mistral],
    // Versions of Mistral differ in their spaces.
    ['mistral-instruct', mistral.replace('eos_token', "eos_token + ' '")],
    [
      'mistral-instruct',
      mistral.replace("'[INST] '", "' [INST] '").replace("message['content'] + eos", "' ' + message['content'] + eos"),
    ],
    ['llama2-chat', llama2],
    ['codellama-70b-instruct', codeLlama70b],
    ['falcon-instruct', falcon180b],
    [
      'falcon-instruct',
      byRole(
        {
          system: 'message.content',
          user: "'\n\nUser: ' + message.content",
          assistant: "'\n\nAssistant: ' + message.content",
        },
        "'\n\nAssistant:'",
      ),
    ],
    [
      'chatqa',
      byRole(
        {
          system: "'System: ' + message.content + '\n\n'",
          user: "'User: ' + message.content + '\n\n'",
          assistant: "'Assistant: ' + message.content + '\n\n'",
        },
        "'Assistant:'",
      ),
    ],
    ['magicoder', codingAssistant('@@', "'\n\n'")],
    ['starcoder2-instruct', codingAssistant('###', "'<|endoftext|>'")],
    [
      'alfred',
      `${each("{{ '<start_' + message.role + '>' + message.content + '<end_message>' }}")}${prompt("'<start_assistant>'")}`,
    ],
    // The first Phi 3 passes a system prompt over.
    [
      'phi-3',
      byRole(
        {
          user: "'<|user|>\n' + message.content + '<|end|>\n'",
          assistant: "'<|assistant|>\n' + message.content + '<|end|>\n'",
        },
        "'<|assistant|>\n'",
      ),
    ],
  ])('%s', (name, template) => {
    expect(detect(template)).toBe(name)
    // How it is spelled does not matter, what it does, does.
    expect(detect(`{# a note #}${template}`)).toBe(name)
  })

  // The first Phi 3's own template drops it; a Go template that does the same would leave a SYSTEM without effect.
  it('with a place for a system prompt, also where the template passes it over', () => {
    const phi3 = byRole(
      {
        user: "'<|user|>\n' + message.content + '<|end|>\n'",
        assistant: "'<|assistant|>\n' + message.content + '<|end|>\n'",
      },
      "'<|assistant|>\n'",
    )
    expect(detectTemplate({ chatTemplate: phi3 } as GgufFacts)?.template).toContain('.System')
  })

  // Else "go on" would make the model answer anew, behind the end of its turn.
  it.each(templateTable.map(({ name, template }) => [name, template] as const))(
    'goes on with an answer that was begun: %s',
    (_, template) => {
      const messages = [
        { role: 'user', content: 'Question' },
        { role: 'assistant', content: 'An answer that' },
      ]
      const options = { think: undefined, now: () => new Date(0) }
      expect(renderMessages(parseGoTemplate(template), { messages, tools: [] }, options)).toMatch(/An answer that$/)
    },
  )

  it('by the tokens the model has', () => {
    expect(detect(zephyr, { eosToken: '<|endoftext|>' })).toBe('zephyr')
    expect(detect(zephyr, { eosToken: '<|stop|>' })).toBeUndefined()
    // Without the token that Llama 2's template repeats, it writes something else.
    expect(detect(llama2, { bosToken: '<bos>' })).toBeUndefined()
  })

  // A Go template beside it would change what the model hears.
  it.each<[string, string | undefined]>([
    ['none at all', undefined],
    ['one with a system prompt of its own', `{{ '<|im_start|>system\\nBe nice<|im_end|>\\n' }}${chatMl}`],
    ['one that offers tools', `{% if tools %}{{ tools }}{% endif %}${chatMl}`],
    ['one that thinks', `${chatMl}{% if enable_thinking %}<think>{% endif %}`],
    [
      'one that begins a text anew with each answer',
      mistral.replace("message['content'] + eos", 'bos_token + message.content + eos'),
    ],
    ['one without an end of turn', zephyr.replace('eos_token', "''")],
    ['one that is broken', '{% for'],
    ['one that refuses every conversation', "{{ raise_exception('no') }}"],
  ])('not %s', (_, template) => {
    expect(detect(template)).toBeUndefined()
  })
})
