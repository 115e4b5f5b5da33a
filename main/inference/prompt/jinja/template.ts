import { JinjaError } from './error.ts'
import { renderTemplate } from './evaluator.ts'
import { globals } from './globals.ts'
import type { Body } from './nodes.ts'
import { parseTemplate } from './parser.ts'
import { fromJson } from './values.ts'

/** UTF-16 units of the longest template that is read: about a second's work. Those of models have tens of thousands. */
const longest = 1024 * 1024

/** A chat template as models carry it in `tokenizer.chat_template`, parsed once. */
export class JinjaTemplate {
  readonly source: string
  readonly #body: Body

  private constructor(source: string, body: Body) {
    this.source = source
    this.#body = body
  }

  /** @throws JinjaError when the text is no template */
  static parse(source: string): JinjaTemplate {
    if (source.length > longest) throw new JinjaError(`the template is longer than ${longest} characters`)
    return new JinjaTemplate(
      source,
      guarded(() => parseTemplate(source)),
    )
  }

  /**
   * @param variables what the template may name, as JSON: messages, tools, add_generation_prompt …
   * @param now the clock of `strftime_now`
   * @throws JinjaError with the template's own text when it calls raise_exception
   */
  render(variables: Readonly<Record<string, unknown>>, now: () => Date): string {
    const values = new Map(Object.entries(variables).map(([name, value]) => [name, fromJson(value)]))
    return guarded(() => renderTemplate(this.#body, values, globals(now)))
  }
}

/** The depth limits are meant to come first; a smaller stack than usual ends here instead. */
function guarded<T>(run: () => T): T {
  try {
    return run()
  } catch (error) {
    if (error instanceof RangeError) throw new JinjaError('the template nests too deep')
    throw error
  }
}
