import { goQuote } from '../../../go/text.ts'
import type { ExecutionState } from './execution-state.ts'
import { type FunctionContext, templateFunctions } from './functions.ts'
import {
  type CommandNode,
  type ConstantNode,
  type FunctionNode,
  nodeText,
  type OperandNode,
  type PipeNode,
  type TemplateTreeNode,
} from './nodes.ts'
import { display } from './printing.ts'
import { GoMap, GoStruct, type GoValue, isTrue, typeName } from './values.ts'

/** No value came through the pipeline: this command is its first. */
const missing = Symbol('missing')
type Piped = GoValue | typeof missing

/** Evaluates pipelines: `a.b | f x`. */
export class Pipelines {
  readonly #state: ExecutionState
  readonly #context: FunctionContext

  constructor(state: ExecutionState, context: FunctionContext) {
    this.#state = state
    this.#context = context
  }

  /** What a pipeline gives; its declarations and assignments are done. */
  value(pipe: PipeNode, dot: GoValue): GoValue {
    this.#state.enter()
    this.#state.step(pipe)
    let value: Piped = missing
    for (const command of pipe.commands) {
      const result: GoValue = this.#command(command, dot, value)
      // A nil interface holds nothing: what comes out of a pipeline is the thing inside.
      value = result === null ? undefined : result
    }
    const result = value as GoValue
    for (const variable of pipe.declares) {
      if (pipe.assigns) this.#state.assign(variable.name, result)
      else this.#state.variables.push({ name: variable.name, value: result })
    }
    this.#state.leave()
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
    if (first.type !== 'pipe') this.#state.node = first
    if (args.length > 0 || piped !== missing) this.#state.fail(`can't give argument to non-function ${nodeText(first)}`)
    if (first.type === 'nil') this.#state.fail('nil is not a command')
    return this.#operand(first, dot)
  }

  /** An operand that takes no arguments. */
  #operand(node: OperandNode, dot: GoValue): GoValue {
    this.#state.step(node)
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
        return this.value(node, dot)
      case 'variable':
        return node.path.length > 0 ? this.#fields(node, dot, false) : this.#state.variable(node)
      case 'field':
      case 'chain':
        return this.#fields(node, dot, false)
      case 'function':
        return this.#function(node, node, [], dot, missing)
    }
  }

  #constant(node: ConstantNode): GoValue {
    if (node.value === undefined) this.#state.fail(`${node.source} overflows int`)
    return node.value
  }

  #fields(node: OperandNode & { readonly path: readonly string[] }, dot: GoValue, hasArguments: boolean): GoValue {
    this.#state.node = node
    let receiver: GoValue
    if (node.type === 'variable') receiver = this.#state.variable(node)
    else if (node.type === 'chain') {
      if (node.operand.type === 'nil') this.#state.fail(`indirection through explicit nil in ${nodeText(node)}`)
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
    if (receiver === null) return this.#state.fail(`nil pointer evaluating interface {}.${name}`)
    if (receiver instanceof GoStruct && receiver.fields.has(name)) {
      if (hasArguments) this.#state.fail(`${name} has arguments but cannot be invoked as function`)
      return receiver.fields.get(name)
    }
    if (receiver instanceof GoMap) {
      if (hasArguments) this.#state.fail(`${name} is not a method but has arguments`)
      return receiver.entries.has(name) ? receiver.entries.get(name) : receiver.zero
    }
    return this.#state.fail(`can't evaluate field ${name} in type ${isInterface ? 'interface {}' : typeName(receiver)}`)
  }

  #function(
    node: FunctionNode,
    command: TemplateTreeNode,
    args: readonly OperandNode[],
    dot: GoValue,
    piped: Piped,
  ): GoValue {
    this.#state.node = node
    const { name } = node
    const definition = templateFunctions.get(name)
    if (!definition) return this.#state.fail(`${goQuote(name)} is not a defined function`)
    const count = args.length + (piped === missing ? 0 : 1)
    if (count < definition.least || count > definition.most) {
      const isVariadic = definition.most === Number.POSITIVE_INFINITY
      this.#state.fail(
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
      this.#state.node = command
      return this.#state.fail(`error calling ${name}: ${(error as Error).message}`)
    }
    this.#state.charge(result)
    for (const value of values) this.#state.charge(value)
    return result
  }

  /** An argument of a parameter that Go declares as string. */
  #stringOperand(node: OperandNode, dot: GoValue): GoValue {
    this.#state.step(node)
    if (node.type === 'nil') this.#state.fail('cannot assign nil to string')
    if (node.type === 'bool' || node.type === 'number') this.#state.fail(`expected string; found ${node.source}`)
    return this.#requireString(this.#operand(node, dot))
  }

  #requireString(value: GoValue): GoValue {
    if (value === undefined) this.#state.fail('invalid value; expected string')
    if (typeof value !== 'string') this.#state.fail(`wrong type for value; expected string; got ${typeName(value)}`)
    return value
  }

  /** No data of ours holds functions. */
  #notCallable(node: TemplateTreeNode, argument: OperandNode | undefined, value: GoValue): never {
    this.#state.node = node
    if (value === undefined || value === null) this.#state.fail('error calling call: call of nil')
    const name = argument ? nodeText(argument) : display(value)
    return this.#state.fail(`error calling call: non-function ${name} of type ${typeName(value)}`)
  }

  #shortCircuit(name: 'and' | 'or', args: readonly OperandNode[], dot: GoValue, piped: Piped): GoValue {
    let value: GoValue
    for (const arg of args) {
      value = this.#operand(arg, dot)
      if (isTrue(value) === (name === 'or')) return value
    }
    return piped === missing ? value : piped
  }
}
