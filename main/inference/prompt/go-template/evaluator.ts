import { goQuote } from '../../../library/go-text.ts'
import { type FunctionContext, templateFunctions } from './functions.ts'
import {
  type BranchNode,
  type CommandNode,
  type ConstantNode,
  type FunctionNode,
  type ListNode,
  nodeText,
  type OperandNode,
  type PipeNode,
  type StatementNode,
  type TemplateNode,
  type TemplateTreeNode,
  type VariableNode,
} from './nodes.ts'
import type { TemplateSet } from './parser.ts'
import { display } from './printing.ts'
import { asSlice, GoMap, GoStruct, type GoValue, isSlice, isTrue, typeName } from './values.ts'

/** A template that failed while it ran, in Go's words: `template: :1:2: executing "" at <.Foo>: …`. */
export class TemplateExecutionError extends Error {
  override readonly name = 'TemplateExecutionError'
}

/** What keeps a hostile template from holding the process or its memory. */
const limits = {
  /** Nested `{{template}}` calls; Go allows 100,000. */
  templates: 250,
  /** Nested lists and pipelines, all templates together. */
  depth: 1500,
  /** Evaluated nodes: about two seconds. */
  steps: 20_000_000,
  /** UTF-16 units of output or of one value. */
  length: 64 * 1024 * 1024,
}

type Jump = 'break' | 'continue' | undefined
/** No value came through the pipeline: this command is its first. */
const missing = Symbol('missing')
type Piped = GoValue | typeof missing

interface Variable {
  readonly name: string
  value: GoValue
}

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
  return new Execution(templates, context).run(data)
}

class Execution {
  readonly #templates: TemplateSet
  readonly #context: FunctionContext & { readonly source: string }
  readonly #output: string[] = []
  #length = 0
  #steps = 0
  #depth = 0
  #templateDepth = 0
  #templateName = ''
  #variables: Variable[] = []
  /** Where an error is reported. */
  #node: TemplateTreeNode | undefined

  constructor(templates: TemplateSet, context: FunctionContext & { readonly source: string }) {
    this.#templates = templates
    this.#context = context
  }

  run(data: GoValue): string {
    const root = this.#templates.get('')
    if (!root) throw new TemplateExecutionError('template: : "" is an incomplete or empty template')
    this.#variables = [{ name: '$', value: data }]
    try {
      this.#list(root, data)
    } catch (error) {
      // The depth limit is meant to come first; a smaller stack than usual ends here instead.
      if (error instanceof RangeError) this.#fail(`exceeded maximum template depth (${limits.templates})`)
      throw error
    }
    return this.#output.join('')
  }

  // Statements

  #list(list: ListNode, dot: GoValue): Jump {
    this.#enter()
    for (const node of list.nodes) {
      const jump = this.#statement(node, dot)
      if (jump) {
        this.#depth--
        return jump
      }
    }
    this.#depth--
    return undefined
  }

  #statement(node: StatementNode, dot: GoValue): Jump {
    this.#step(node)
    switch (node.type) {
      case 'text':
        this.#write(node.text)
        return undefined
      case 'action': {
        const value = this.#pipe(node.pipe, dot)
        if (node.pipe.declares.length === 0) {
          this.#node = node
          this.#write(value === undefined || value === null ? '<no value>' : display(value))
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
    const mark = this.#variables.length
    const value = this.#pipe(node.pipe, dot)
    let jump: Jump
    if (isTrue(value)) jump = this.#list(node.body, node.type === 'with' ? value : dot)
    else if (node.otherwise) jump = this.#list(node.otherwise, dot)
    this.#variables.length = mark
    return jump
  }

  #range(node: BranchNode, dot: GoValue): Jump {
    const mark = this.#variables.length
    const value = this.#pipe(node.pipe, dot)
    const jump = this.#iterate(node, value, this.#variables.length)
    this.#variables.length = mark
    if (jump !== 'empty') return undefined
    return node.otherwise ? this.#list(node.otherwise, dot) : undefined
  }

  #iterate(node: BranchNode, value: GoValue, mark: number): 'empty' | 'done' {
    const { declares } = node.pipe
    /** False ends the loop. */
    const round = (index: GoValue, element: GoValue): boolean => {
      this.#step(node)
      if (declares.length === 1) this.#setLoopVariable(node.pipe, 0, 1, element)
      if (declares.length === 2) {
        this.#setLoopVariable(node.pipe, 0, 2, index)
        this.#setLoopVariable(node.pipe, 1, 1, element)
      }
      const jump = this.#list(node.body, element)
      this.#variables.length = mark
      return jump !== 'break'
    }
    if (value === null || value === undefined) return 'empty'
    if (typeof value === 'bigint') {
      if (declares.length > 1) this.#fail(`can't use ${value} to iterate over more than one variable`)
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
    return this.#fail(`range can't iterate over ${display(value)}`)
  }

  /** `declares[which]` gets a value: by name when it is assigned, else as the variable `top` from the stack's end. */
  #setLoopVariable(pipe: PipeNode, which: number, top: number, value: GoValue): void {
    if (pipe.assigns) this.#assign(pipe.declares[which]!.name, value)
    else this.#variables[this.#variables.length - top]!.value = value
  }

  #call(node: TemplateNode, dot: GoValue): void {
    this.#node = node
    const template = this.#templates.get(node.name)
    if (!template) this.#fail(`template ${goQuote(node.name)} not defined`)
    if (this.#templateDepth >= limits.templates) this.#tooDeep()
    const data = node.pipe ? this.#pipe(node.pipe, dot) : undefined
    const [variables, name] = [this.#variables, this.#templateName]
    this.#variables = [{ name: '$', value: data }]
    this.#templateName = node.name
    this.#templateDepth++
    this.#list(template!, data)
    this.#templateDepth--
    this.#templateName = name
    this.#variables = variables
  }

  // Pipelines

  #pipe(pipe: PipeNode, dot: GoValue): GoValue {
    this.#enter()
    this.#step(pipe)
    let value: Piped = missing
    for (const command of pipe.commands) {
      const result: GoValue = this.#command(command, dot, value)
      // A nil interface holds nothing: what comes out of a pipeline is the thing inside.
      value = result === null ? undefined : result
    }
    const result = value as GoValue
    for (const variable of pipe.declares) {
      if (pipe.assigns) this.#assign(variable.name, result)
      else this.#variables.push({ name: variable.name, value: result })
    }
    this.#depth--
    return result
  }

  #command(command: CommandNode, dot: GoValue, piped: Piped): GoValue {
    const [first, ...args] = command.args as [OperandNode, ...OperandNode[]]
    switch (first.type) {
      case 'function':
        return this.#function(first, command, args, dot, piped)
      case 'field':
      case 'chain':
        return this.#fields(first, dot, args.length > 0 || piped !== missing)
      case 'variable':
        if (first.path.length > 0) return this.#fields(first, dot, args.length > 0 || piped !== missing)
    }
    if (first.type !== 'pipe') this.#node = first
    if (args.length > 0 || piped !== missing) this.#fail(`can't give argument to non-function ${nodeText(first)}`)
    if (first.type === 'nil') this.#fail('nil is not a command')
    return this.#operand(first, dot)
  }

  /** An operand that takes no arguments. */
  #operand(node: OperandNode, dot: GoValue): GoValue {
    this.#step(node)
    switch (node.type) {
      case 'dot':
        return dot
      case 'nil':
        return null
      case 'bool':
      case 'number':
      case 'string':
        return this.#constant(node)
      case 'pipe':
        return this.#pipe(node, dot)
      case 'variable':
        return node.path.length > 0 ? this.#fields(node, dot, false) : this.#variable(node)
      case 'field':
      case 'chain':
        return this.#fields(node, dot, false)
      case 'function':
        return this.#function(node, node, [], dot, missing)
    }
  }

  #constant(node: ConstantNode): GoValue {
    if (node.value === undefined) this.#fail(`${node.source} overflows int`)
    return node.value
  }

  #variable(node: VariableNode): GoValue {
    this.#node = node
    for (let at = this.#variables.length - 1; at >= 0; at--) {
      if (this.#variables[at]!.name === node.name) return this.#variables[at]!.value
    }
    return this.#fail(`undefined variable: ${node.name}`)
  }

  #assign(name: string, value: GoValue): void {
    const variable = this.#variables.findLast(candidate => candidate.name === name)
    if (!variable) this.#fail(`undefined variable: ${name}`)
    variable!.value = value
  }

  #fields(node: OperandNode & { readonly path: readonly string[] }, dot: GoValue, hasArguments: boolean): GoValue {
    this.#node = node
    let receiver: GoValue
    if (node.type === 'variable') receiver = this.#variable(node)
    else if (node.type === 'chain') {
      if (node.operand.type === 'nil') this.#fail(`indirection through explicit nil in ${nodeText(node)}`)
      receiver = this.#operand(node.operand, dot)
    } else receiver = dot
    let isInterface = false
    for (const [index, name] of node.path.entries()) {
      const last = index === node.path.length - 1
      const next = this.#field(receiver, name, isInterface, last && hasArguments)
      isInterface = receiver instanceof GoMap && receiver.zero === null
      receiver = next
    }
    return receiver
  }

  /**
   * One field of a struct or entry of a map.
   * @param isInterface the receiver was held in an interface: Go names that type in errors
   */
  #field(receiver: GoValue, name: string, isInterface: boolean, hasArguments: boolean): GoValue {
    if (receiver === undefined) return undefined
    if (receiver === null) return this.#fail(`nil pointer evaluating interface {}.${name}`)
    if (receiver instanceof GoStruct && receiver.fields.has(name)) {
      if (hasArguments) this.#fail(`${name} has arguments but cannot be invoked as function`)
      return receiver.fields.get(name)
    }
    if (receiver instanceof GoMap) {
      if (hasArguments) this.#fail(`${name} is not a method but has arguments`)
      return receiver.entries.has(name) ? receiver.entries.get(name) : receiver.zero
    }
    return this.#fail(`can't evaluate field ${name} in type ${isInterface ? 'interface {}' : typeName(receiver)}`)
  }

  #function(
    node: FunctionNode,
    command: TemplateTreeNode,
    args: readonly OperandNode[],
    dot: GoValue,
    piped: Piped,
  ): GoValue {
    this.#node = node
    const { name } = node
    const definition = templateFunctions.get(name)
    if (!definition) return this.#fail(`${goQuote(name)} is not a defined function`)
    const count = args.length + (piped === missing ? 0 : 1)
    if (count < definition.least || count > definition.most) {
      const isVariadic = definition.most === Number.POSITIVE_INFINITY
      this.#fail(
        isVariadic
          ? `wrong number of args for ${name}: want at least ${definition.least} got ${args.length}`
          : `wrong number of args for ${name}: want ${definition.least} got ${count}`,
      )
    }
    if (name === 'and' || name === 'or') return this.#shortCircuit(name, args, dot, piped)
    const strings = definition.strings ?? 0
    const values = args.map((arg, index) => (index < strings ? this.#stringOperand(arg, dot) : this.#operand(arg, dot)))
    if (piped !== missing) values.push(args.length < strings ? this.#requireString(piped) : piped)
    if (name === 'call') return this.#notCallable(command, args[0], values[0])
    let result: GoValue
    try {
      result = definition.call(values, this.#context)
    } catch (error) {
      if (error instanceof RangeError) throw error
      this.#node = command
      return this.#fail(`error calling ${name}: ${(error as Error).message}`)
    }
    this.#charge(result)
    for (const value of values) this.#charge(value)
    return result
  }

  /** An argument of a parameter that Go declares as string. */
  #stringOperand(node: OperandNode, dot: GoValue): GoValue {
    this.#step(node)
    if (node.type === 'nil') this.#fail('cannot assign nil to string')
    if (node.type === 'bool' || node.type === 'number') this.#fail(`expected string; found ${node.source}`)
    return this.#requireString(this.#operand(node, dot))
  }

  #requireString(value: GoValue): GoValue {
    if (value === undefined) this.#fail('invalid value; expected string')
    if (typeof value !== 'string') this.#fail(`wrong type for value; expected string; got ${typeName(value)}`)
    return value
  }

  /** No data of ours holds functions. */
  #notCallable(node: TemplateTreeNode, argument: OperandNode | undefined, value: GoValue): never {
    this.#node = node
    if (value === undefined || value === null) this.#fail('error calling call: call of nil')
    const name = argument ? nodeText(argument) : display(value)
    return this.#fail(`error calling call: non-function ${name} of type ${typeName(value)}`)
  }

  #shortCircuit(name: 'and' | 'or', args: readonly OperandNode[], dot: GoValue, piped: Piped): GoValue {
    let value: GoValue
    for (const arg of args) {
      value = this.#operand(arg, dot)
      if (isTrue(value) === (name === 'or')) return value
    }
    return piped === missing ? value : piped
  }

  // Limits and errors

  #step(node: TemplateTreeNode): void {
    this.#node = node
    if (++this.#steps > limits.steps) this.#fail('the template takes too long')
  }

  /** Handling a long text takes longer than handling a short one. */
  #charge(value: GoValue): void {
    if (typeof value !== 'string') return
    if (value.length > limits.length) this.#tooLong()
    this.#steps += value.length >> 6
  }

  #enter(): void {
    if (++this.#depth > limits.depth) this.#tooDeep()
  }

  #write(text: string): void {
    this.#length += text.length
    if (this.#length > limits.length) this.#tooLong()
    this.#output.push(text)
  }

  #tooDeep(): never {
    return this.#fail(`exceeded maximum template depth (${limits.templates})`)
  }

  #tooLong(): never {
    return this.#fail('the output is too long')
  }

  #fail(complaint: string): never {
    const node = this.#node
    if (!node) throw new TemplateExecutionError(`template: : ${complaint}`)
    const before = this.#context.source.slice(0, node.at)
    const line = before.split('\n').length
    const column = Buffer.byteLength(before.slice(before.lastIndexOf('\n') + 1))
    throw new TemplateExecutionError(
      `template: :${line}:${column}: executing ${goQuote(this.#templateName)} at <${nodeText(node)}>: ${complaint}`,
    )
  }
}
