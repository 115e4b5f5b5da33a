import { Environment, Interpreter, parse, tokenize } from '@huggingface/jinja'

type Program = ReturnType<typeof parse>
type Statement = Parameters<Interpreter['evaluate']>[0]
type Value = ReturnType<Interpreter['evaluate']>

/** A GGUF's chat template (Jinja) that does not parse, fails, or raises an exception of its own. */
export class JinjaError extends Error {
  override readonly name = 'JinjaError'
}

/** What keeps a hostile template from holding the process or its memory. */
const limits = {
  /** UTF-16 units of a template; the longest known is a tenth of this. */
  source: 512 * 1024,
  /** Blanks in a row: the library's patterns take quadratic time on them. */
  blanks: 2000,
  steps: 5_000_000,
  /** UTF-16 units of one text. */
  length: 64 * 1024 * 1024,
  range: 100_000,
}

/** A chat template as models carry it in `tokenizer.chat_template`, parsed once. */
export class JinjaTemplate {
  readonly source: string
  readonly #program: Program

  private constructor(source: string, program: Program) {
    this.source = source
    this.#program = program
  }

  /** @throws JinjaError when the text is no template */
  static parse(source: string): JinjaTemplate {
    if (source.length > limits.source) throw new JinjaError('the chat template is too long')
    if (new RegExp(`\\s{${limits.blanks}}`).test(source)) throw new JinjaError('the chat template has too many blanks')
    return new JinjaTemplate(
      source,
      worded(() => parse(tokenize(source, { lstrip_blocks: true, trim_blocks: true }))),
    )
  }

  /**
   * @param variables what the template may name: messages, tools, add_generation_prompt …
   * @param now the clock of `strftime_now`
   * @throws JinjaError with the template's own text when it calls raise_exception
   */
  render(variables: Readonly<Record<string, unknown>>, now: () => Date): string {
    return worded(() => {
      const environment = new Environment()
      const globals = {
        ...constants,
        raise_exception: raise,
        range,
        strftime_now: (format: string) => strftime(now(), format),
      }
      for (const [name, value] of Object.entries({ ...globals, ...variables })) environment.set(name, value)
      return String(new LimitedInterpreter(environment).run(this.#program).value)
    })
  }
}

class LimitedInterpreter extends Interpreter {
  #steps = 0

  override evaluate(statement: Statement, environment: Environment): Value {
    if (++this.#steps > limits.steps) throw new JinjaError('the chat template takes too long')
    const value = super.evaluate(statement, environment)
    if (typeof value.value === 'string' && value.value.length > limits.length) {
      throw new JinjaError('the output of the chat template is too long')
    }
    return value
  }
}

const constants = { true: true, True: true, false: false, False: false, none: null, None: null }

function raise(text: unknown): never {
  throw new JinjaError(String(text))
}

function range(start: number, stop?: number, step = 1): number[] {
  const [from, to] = stop === undefined ? [0, start] : [start, stop]
  if (step === 0) throw new JinjaError('range() arg 3 must not be zero')
  const count = Math.max(0, Math.ceil((to - from) / step))
  if (count > limits.range) throw new JinjaError('range() is too long')
  return Array.from({ length: count }, (_, index) => from + index * step)
}

const months = 'January February March April May June July August September October November December'.split(' ')
const days = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ')

/** Python's strftime in the C locale, which is the one models were trained with. */
export function strftime(date: Date, format: string): string {
  const pad = (value: number, width = 2) => String(value).padStart(width, '0')
  const hour = date.getHours() % 12 || 12
  const fields: Record<string, string> = {
    Y: pad(date.getFullYear(), 4),
    y: pad(date.getFullYear() % 100),
    m: pad(date.getMonth() + 1),
    d: pad(date.getDate()),
    e: String(date.getDate()).padStart(2, ' '),
    B: months[date.getMonth()]!,
    b: months[date.getMonth()]!.slice(0, 3),
    A: days[date.getDay()]!,
    a: days[date.getDay()]!.slice(0, 3),
    H: pad(date.getHours()),
    I: pad(hour),
    M: pad(date.getMinutes()),
    S: pad(date.getSeconds()),
    p: date.getHours() < 12 ? 'AM' : 'PM',
    j: pad(
      Math.round(
        (Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) - Date.UTC(date.getFullYear(), 0, 0)) / 864e5,
      ),
      3,
    ),
    '%': '%',
  }
  return format.replace(/%-?([A-Za-z%])/g, (all, letter: string) => {
    const field = fields[letter]
    if (field === undefined) return all
    return all[1] === '-' ? field.replace(/^[0 ](?=.)/, '') : field
  })
}

/** Runs the library and words whatever it throws as ours; a recursion without end overflows its stack. */
function worded<T>(run: () => T): T {
  try {
    return run()
  } catch (error) {
    if (error instanceof JinjaError) throw error
    if (error instanceof RangeError) throw new JinjaError('the chat template nests too deep')
    throw new JinjaError(error instanceof Error ? error.message : String(error))
  }
}
