import { goQuote } from '../../../go/text.ts'
import { nodeText, type TemplateTreeNode, type VariableNode } from './nodes.ts'
import type { GoValue } from './values.ts'

/** A template that failed while it ran, in Go's words: `template: :1:2: executing "" at <.Foo>: …`. */
export class TemplateExecutionError extends Error {
  override readonly name = 'TemplateExecutionError'
}

/** What keeps a hostile template from holding the process or its memory. */
export const limits = {
  /** Nested `{{template}}` calls; Go allows 100,000. */
  templates: 250,
  /** Nested lists and pipelines, all templates together. */
  depth: 1500,
  /** Evaluated nodes: about two seconds. */
  steps: 20_000_000,
  /** UTF-16 units of output or of one value. */
  length: 64 * 1024 * 1024,
}

export interface Variable {
  readonly name: string
  value: GoValue
}

/** One run of a template: its output, its variables, how far it went, and where an error is reported. */
export class ExecutionState {
  readonly #source: string
  readonly #output: string[] = []
  #length = 0
  #steps = 0
  #depth = 0
  templateDepth = 0
  templateName = ''
  /** The innermost last. */
  variables: Variable[]
  /** The node an error is reported at. */
  node: TemplateTreeNode | undefined

  constructor(source: string, data: GoValue) {
    this.#source = source
    this.variables = [{ name: '$', value: data }]
  }

  get output(): string {
    return this.#output.join('')
  }

  variable(node: VariableNode): GoValue {
    this.node = node
    for (let at = this.variables.length - 1; at >= 0; at--) {
      if (this.variables[at]!.name === node.name) return this.variables[at]!.value
    }
    return this.fail(`undefined variable: ${node.name}`)
  }

  assign(name: string, value: GoValue): void {
    const variable = this.variables.findLast(candidate => candidate.name === name)
    if (!variable) this.fail(`undefined variable: ${name}`)
    variable!.value = value
  }

  step(node: TemplateTreeNode): void {
    this.node = node
    if (++this.#steps > limits.steps) this.fail('the template takes too long')
  }

  /** Handling a long text takes longer than handling a short one. */
  charge(value: GoValue): void {
    if (typeof value !== 'string') return
    if (value.length > limits.length) this.tooLong()
    this.#steps += value.length >> 6
  }

  /** Goes into something nested. */
  enter(): void {
    if (++this.#depth > limits.depth) this.tooDeep()
  }

  leave(): void {
    this.#depth--
  }

  write(text: string): void {
    this.#length += text.length
    if (this.#length > limits.length) this.tooLong()
    this.#output.push(text)
  }

  tooDeep(): never {
    return this.fail(`exceeded maximum template depth (${limits.templates})`)
  }

  tooLong(): never {
    return this.fail('the output is too long')
  }

  fail(complaint: string): never {
    const node = this.node
    if (!node) throw new TemplateExecutionError(`template: : ${complaint}`)
    const before = this.#source.slice(0, node.at)
    const line = before.split('\n').length
    const column = Buffer.byteLength(before.slice(before.lastIndexOf('\n') + 1))
    throw new TemplateExecutionError(
      `template: :${line}:${column}: executing ${goQuote(this.templateName)} at <${nodeText(node)}>: ${complaint}`,
    )
  }
}
