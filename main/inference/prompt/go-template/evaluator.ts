import { goQuote } from '../../../go/text.ts'
import { ExecutionState, limits, TemplateExecutionError } from './execution-state.ts'
import type { FunctionContext } from './functions.ts'
import type { BranchNode, ListNode, PipeNode, StatementNode, TemplateNode } from './nodes.ts'
import type { TemplateSet } from './parser.ts'
import { Pipelines } from './pipelines.ts'
import { display } from './printing.ts'
import { asSlice, GoMap, type GoValue, isSlice, isTrue } from './values.ts'

type Jump = 'break' | 'continue' | undefined

/**
 * Runs a parsed template over data (Go's text/template with the option missingkey=zero).
 * @param source the template's text, for the line and column of errors
 * @throws TemplateExecutionError
 */
export function executeTemplate(
  templates: TemplateSet,
  data: GoValue,
  context: FunctionContext & { readonly source: string },
): string {
  const state = new ExecutionState(context.source, data)
  return new Execution(templates, state, new Pipelines(state, context)).run(data)
}

class Execution {
  readonly #templates: TemplateSet
  readonly #state: ExecutionState
  readonly #pipelines: Pipelines

  constructor(templates: TemplateSet, state: ExecutionState, pipelines: Pipelines) {
    this.#templates = templates
    this.#state = state
    this.#pipelines = pipelines
  }

  run(data: GoValue): string {
    const root = this.#templates.get('')
    if (!root) throw new TemplateExecutionError('template: : "" is an incomplete or empty template')
    try {
      this.#list(root, data)
    } catch (error) {
      // The depth limit is meant to come first; a smaller stack than usual ends here instead.
      if (error instanceof RangeError) this.#state.tooDeep()
      throw error
    }
    return this.#state.output
  }

  #list(list: ListNode, dot: GoValue): Jump {
    this.#state.enter()
    for (const node of list.nodes) {
      const jump = this.#statement(node, dot)
      if (jump) {
        this.#state.leave()
        return jump
      }
    }
    this.#state.leave()
    return undefined
  }

  #statement(node: StatementNode, dot: GoValue): Jump {
    this.#state.step(node)
    switch (node.type) {
      case 'text':
        this.#state.write(node.text)
        return undefined
      case 'action': {
        const value = this.#pipelines.value(node.pipe, dot)
        if (node.pipe.declares.length === 0) {
          this.#state.node = node
          this.#state.write(value === undefined || value === null ? '<no value>' : display(value))
        }
        return undefined
      }
      case 'if':
      case 'with':
        return this.#branch(node, dot)
      case 'range':
        return this.#range(node, dot)
      case 'template':
        this.#call(node, dot)
        return undefined
      default:
        return node.type
    }
  }

  #branch(node: BranchNode, dot: GoValue): Jump {
    const mark = this.#state.variables.length
    const value = this.#pipelines.value(node.pipe, dot)
    let jump: Jump
    if (isTrue(value)) jump = this.#list(node.body, node.type === 'with' ? value : dot)
    else if (node.otherwise) jump = this.#list(node.otherwise, dot)
    this.#state.variables.length = mark
    return jump
  }

  #range(node: BranchNode, dot: GoValue): Jump {
    const mark = this.#state.variables.length
    const value = this.#pipelines.value(node.pipe, dot)
    const jump = this.#iterate(node, value, this.#state.variables.length)
    this.#state.variables.length = mark
    if (jump !== 'empty') return undefined
    return node.otherwise ? this.#list(node.otherwise, dot) : undefined
  }

  #iterate(node: BranchNode, value: GoValue, mark: number): 'empty' | 'done' {
    const { declares } = node.pipe
    /** False ends the loop. */
    const round = (index: GoValue, element: GoValue): boolean => {
      this.#state.step(node)
      if (declares.length === 1) this.#setLoopVariable(node.pipe, 0, 1, element)
      if (declares.length === 2) {
        this.#setLoopVariable(node.pipe, 0, 2, index)
        this.#setLoopVariable(node.pipe, 1, 1, element)
      }
      const jump = this.#list(node.body, element)
      this.#state.variables.length = mark
      return jump !== 'break'
    }
    if (value === null || value === undefined) return 'empty'
    if (typeof value === 'bigint') {
      if (declares.length > 1) this.#state.fail(`can't use ${value} to iterate over more than one variable`)
      for (let index = 0n; index < value; index++) if (!round(undefined, index)) break
      return value > 0n ? 'done' : 'empty'
    }
    if (isSlice(value)) {
      const slice = asSlice(value)
      for (let index = 0; index < slice.length; index++) if (!round(BigInt(index), slice.at(index))) break
      return slice.length > 0 ? 'done' : 'empty'
    }
    if (value instanceof GoMap) {
      for (const [key, element] of value.sorted()) if (!round(key, element)) break
      return value.entries.size > 0 ? 'done' : 'empty'
    }
    return this.#state.fail(`range can't iterate over ${display(value)}`)
  }

  /** `declares[which]` gets a value: by name when it is assigned, else as the variable `top` from the stack's end. */
  #setLoopVariable(pipe: PipeNode, which: number, top: number, value: GoValue): void {
    if (pipe.assigns) this.#state.assign(pipe.declares[which]!.name, value)
    else this.#state.variables[this.#state.variables.length - top]!.value = value
  }

  #call(node: TemplateNode, dot: GoValue): void {
    this.#state.node = node
    const template = this.#templates.get(node.name)
    if (!template) this.#state.fail(`template ${goQuote(node.name)} not defined`)
    if (this.#state.templateDepth >= limits.templates) this.#state.tooDeep()
    const data = node.pipe ? this.#pipelines.value(node.pipe, dot) : undefined
    const [variables, name] = [this.#state.variables, this.#state.templateName]
    this.#state.variables = [{ name: '$', value: data }]
    this.#state.templateName = node.name
    this.#state.templateDepth++
    this.#list(template!, data)
    this.#state.templateDepth--
    this.#state.templateName = name
    this.#state.variables = variables
  }
}
