import { JinjaError } from './jinja/error.ts'
import { strftime } from './jinja/globals.ts'
import type { JinjaTemplate } from './jinja/template.ts'

/** How a template wants its messages, found by trying (llama.cpp common/jinja/caps.cpp does the same). */
export interface Habits {
  /** Content is a list of parts, not a text. */
  readonly partsOnly: boolean
  /** Arguments of calls are objects; otherwise JSON texts. */
  readonly objectArguments: boolean
  readonly systemRole: boolean
  /** A system message is heard behind others, too, and does not take the place of the first. */
  readonly laterSystem: boolean
  /** Calls of earlier answers are shown. */
  readonly showsCalls: boolean
  /** An answer may call several tools. */
  readonly severalCalls: boolean
}

const knownHabits = new WeakMap<JinjaTemplate, Habits>()

export function habitsOf(template: JinjaTemplate, source: string): Habits {
  const known = knownHabits.get(template)
  if (known) return known
  const habits = probe(template, source)
  knownHabits.set(template, habits)
  return habits
}

function probe(template: JinjaTemplate, source: string): Habits {
  const shows = (needle: string, messages: readonly object[], tools?: readonly object[]): boolean => {
    const variables = {
      messages,
      ...(tools ? { tools } : {}),
      add_generation_prompt: true,
      bos_token: '',
      eos_token: '',
      ...habitualVariables(source, new Date(0), []),
    }
    try {
      return renderTemplate(template, variables, () => new Date(0)).includes(needle)
    } catch {
      // A template that refuses the attempt does not have the habit.
      return false
    }
  }
  const calls = (...args: readonly unknown[]) => {
    const ids = args.map((_, index) => `call0000${index}`)
    const made = args.map((args, index) => ({
      id: ids[index],
      type: 'function',
      function: { name: 'probe', arguments: args },
    }))
    return [
      { role: 'user', content: 'user' },
      { role: 'assistant', content: '', tool_calls: made },
      ...ids.map(id => ({ role: 'tool', content: 'result', tool_call_id: id, name: 'probe' })),
    ]
  }
  const tool = {
    type: 'function',
    function: {
      name: 'probe',
      description: 'probe',
      parameters: { type: 'object', properties: { key: { type: 'string', description: 'key' } }, required: ['key'] },
    },
  }
  const text = 'NEEDLE'
  const partsOnly =
    !shows(text, [{ role: 'user', content: text }]) &&
    shows(text, [{ role: 'user', content: [{ type: 'text', text }] }])
  const content = (value: string) => (partsOnly ? [{ type: 'text', text: value }] : value)
  const systems = (which: number) =>
    ['system', 'user', 'assistant', 'system', 'user'].map((role, index) => ({
      role,
      content: content(index === which * 3 ? text : role),
    }))
  const showsObjects = shows(text, calls({ key: text }), [tool])
  const showsCalls = showsObjects || shows(text, calls(JSON.stringify({ key: text })), [tool])
  const objectArguments = showsObjects || !showsCalls
  const args = (value: string) => (objectArguments ? { key: value } : JSON.stringify({ key: value }))
  return {
    partsOnly,
    objectArguments,
    systemRole: shows(text, [
      { role: 'system', content: content(text) },
      { role: 'user', content: content('user') },
    ]),
    laterSystem: [0, 1].every(which => shows(text, systems(which))),
    showsCalls,
    severalCalls: !showsCalls || shows(text, calls(args('first'), args(text)), [tool]),
  }
}

/**
 * Without tools a template is told nothing of them, as llama-server does; one that fails over it gets `none`, as Hugging
 * Face's library does, which Olmo 3 asks for.
 * @throws JinjaError
 */
export function renderTemplate(
  template: JinjaTemplate,
  variables: Readonly<Record<string, unknown>>,
  now: () => Date,
): string {
  try {
    return template.render(variables, now)
  } catch (error) {
    if ('tools' in variables || !(error instanceof JinjaError)) throw error
    try {
      return template.render({ ...variables, tools: null }, now)
    } catch {
      throw error
    }
  }
}

/**
 * What llama.cpp tells every template (common/chat.cpp): the day in two orders, for Llama 3. Firefunction 2 wants its
 * tools as a text.
 */
export function habitualVariables(
  source: string,
  now: Date,
  tools: readonly Record<string, unknown>[],
): Record<string, unknown> {
  const functions = tools.map(tool => tool.function)
  return {
    date_string: strftime(now, '%d %b %Y'),
    datetime: strftime(now, '%b %d %Y'),
    ...(source.includes('functools[') ? { functions: JSON.stringify(functions, null, 4) } : {}),
  }
}
