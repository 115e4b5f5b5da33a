import { executeTemplate } from './evaluator.ts'
import { functionNames } from './functions.ts'
import { identifiers } from './introspection.ts'
import type { ListNode } from './nodes.ts'
import { parseTemplate, type TemplateSet } from './parser.ts'
import { TemplateParseError } from './token-reader.ts'
import type { GoValue } from './values.ts'

/**
 * UTF-16 units of the longest template that is read; those of models have a few thousand. It bounds what reading one
 * from a stranger takes to some fifty milliseconds.
 */
const longest = 64 * 1024

/**
 * A template of Ollama's TEMPLATE layer (upstream template/template.go): Go's text/template, parsed once. One that
 * shows neither messages nor an answer gets `{{ .Response }}` at its end.
 */
export class GoTemplate {
  readonly source: string
  /** Every field and variable name used anywhere, lower-cased: `messages`, `tools`, `suffix`, `response` … */
  readonly identifiers: ReadonlySet<string>
  readonly #templates: TemplateSet

  private constructor(source: string, templates: TemplateSet) {
    this.source = source
    this.#templates = templates
    this.identifiers = identifiers(templates)
  }

  /** @throws TemplateParseError with Go's text: `template: :1: function "x" not defined` */
  static parse(source: string): GoTemplate {
    if (source.length > longest) throw new TemplateParseError(`template: :1: longer than ${longest} characters`)
    const parsed = parseTemplate(source, functionNames)
    const used = identifiers(parsed)
    if (used.has('messages') || used.has('response')) return new GoTemplate(source, parsed)
    return new GoTemplate(source, withResponse(parsed, source.length))
  }

  /** The statements of the main template. */
  get root(): ListNode {
    return this.#templates.get('')!
  }

  /** The same template with another main part (see `cutAfterResponse`). */
  withRoot(root: ListNode): GoTemplate {
    return new GoTemplate(this.source, new Map(this.#templates).set('', root))
  }

  /**
   * @param now the clock of `currentDate` and `yesterdayDate`
   * @throws TemplateExecutionError
   */
  execute(data: GoValue, now: () => Date): string {
    return executeTemplate(this.#templates, data, { source: this.source, now })
  }
}

function withResponse(templates: TemplateSet, at: number): TemplateSet {
  const root = templates.get('')!
  const field = { type: 'field' as const, at, path: ['Response'] }
  const command = { type: 'command' as const, at, args: [field] }
  const pipe = { type: 'pipe' as const, at, declares: [], assigns: false, commands: [command] }
  return new Map(templates).set('', { ...root, nodes: [...root.nodes, { type: 'action', at, pipe }] })
}
