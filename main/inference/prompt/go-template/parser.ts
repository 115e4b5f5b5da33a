import { goQuote } from '../../../library/go-text.ts'
import { type Token, type TokenType, tokenize, tokenName } from './lexer.ts'
import {
  type BranchNode,
  type CommandNode,
  isEmptyList,
  type ListNode,
  nodeText,
  type OperandNode,
  type PipeNode,
  type StatementNode,
  type VariableNode,
} from './nodes.ts'
import { parseNumber } from './numbers.ts'
import { unquote, unquoteRune } from './quote.ts'

/** What is wrong with a template's text, in Go's words: `template: :1: function "x" not defined`. */
export class TemplateParseError extends Error {
  override readonly name = 'TemplateParseError'
}

/** The main template under the name '' and everything it defines. */
export type TemplateSet = ReadonlyMap<string, ListNode>

/** Go allows 10,000; a tree this deep would overflow our stack, and no person writes one a tenth as deep. */
const maxDepth = 400

/**
 * Parses a template of Go's text/template.
 * @param functions names that may be called
 * @throws TemplateParseError with Go's text and line
 */
export function parseTemplate(source: string, functions: ReadonlySet<string>): TemplateSet {
  return new Parser(source, functions).parse()
}

type Terminator = { readonly type: 'end'; readonly at: number } | { readonly type: 'else'; readonly at: number }

class Parser {
  readonly #tokens: readonly Token[]
  readonly #functions: ReadonlySet<string>
  readonly #templates = new Map<string, ListNode>()
  #next = 0
  /** The furthest token looked at: errors are reported on its line. */
  #furthest = 0
  #variables = ['$']
  #rangeDepth = 0
  #depth = 0
  #actionLine = 0

  constructor(source: string, functions: ReadonlySet<string>) {
    this.#tokens = tokenize(source)
    this.#functions = functions
  }

  parse(): TemplateSet {
    const nodes: StatementNode[] = []
    const at = this.#peek().at
    while (this.#peek().type !== 'eof') {
      if (this.#isDefinition()) {
        this.#definition()
        continue
      }
      const node = this.#textOrAction()
      if (node.type === 'end' || node.type === 'else') this.#fail(`unexpected {{${node.type}}}`)
      nodes.push(node)
    }
    this.#add('', { type: 'list', at, nodes })
    return this.#templates
  }

  // Statements

  #isDefinition(): boolean {
    if (this.#peek().type !== 'left-delimiter') return false
    const before = this.#next
    this.#take()
    const isDefine = isKeyword(this.#takeNonSpace(), 'define')
    this.#next = before
    return isDefine
  }

  #definition(): void {
    this.#take()
    this.#takeNonSpace()
    const context = 'define clause'
    const name = this.#templateName(this.#takeNonSpace(), context)
    this.#expect('right-delimiter', context)
    this.#add(name, this.#ownScope(context))
  }

  /** The body of a `define` or `block`, which sees no variables of its surroundings. */
  #ownScope(context: string): ListNode {
    const [variables, rangeDepth, actionLine] = [this.#variables, this.#rangeDepth, this.#actionLine]
    this.#variables = ['$']
    this.#rangeDepth = 0
    const { list, end } = this.#deeper(() => this.#list())
    if (end.type !== 'end') this.#fail(`unexpected {{${end.type}}} in ${context}`)
    this.#variables = variables
    this.#rangeDepth = rangeDepth
    this.#actionLine = actionLine
    return list
  }

  #add(name: string, list: ListNode): void {
    const old = this.#templates.get(name)
    if (!old || isEmptyList(old)) this.#templates.set(name, list)
    else if (!isEmptyList(list)) this.#fail(`template: multiple definition of template ${goQuote(name)}`)
  }

  /** Statements up to `{{end}}` or `{{else}}`. */
  #list(): { list: ListNode; end: Terminator } {
    const at = this.#peekNonSpace().at
    const nodes: StatementNode[] = []
    while (this.#peekNonSpace().type !== 'eof') {
      const node = this.#textOrAction()
      if (node.type === 'end' || node.type === 'else') return { list: { type: 'list', at, nodes }, end: node }
      nodes.push(node)
    }
    return this.#fail('unexpected EOF')
  }

  #textOrAction(): StatementNode | Terminator {
    const token = this.#takeNonSpace()
    if (token.type === 'text') return { type: 'text', at: token.at, text: token.value }
    if (token.type !== 'left-delimiter') return this.#unexpected(token, 'input')
    this.#actionLine = token.line
    const action = this.#action()
    this.#actionLine = 0
    return action
  }

  #action(): StatementNode | Terminator {
    const token = this.#peekNonSpace()
    if (token.type === 'keyword' && token.value !== 'nil' && token.value !== 'define') {
      this.#takeNonSpace()
      switch (token.value) {
        case 'if':
        case 'with':
        case 'range':
          return this.#branch(token.value)
        case 'break':
        case 'continue':
          return this.#jump(token.value, token.at)
        case 'else': {
          const next = this.#peekNonSpace()
          const joined = isKeyword(next, 'if') || isKeyword(next, 'with')
          return { type: 'else', at: joined ? next.at : this.#expect('right-delimiter', 'else').at }
        }
        case 'end':
          return { type: 'end', at: this.#expect('right-delimiter', 'end').at }
        case 'template':
          return this.#invocation()
        case 'block':
          return this.#block()
      }
    }
    return { type: 'action', at: this.#peek().at, pipe: this.#pipeline('command', 'right-delimiter') }
  }

  #jump(type: 'break' | 'continue', at: number): StatementNode {
    const token = this.#takeNonSpace()
    if (token.type !== 'right-delimiter') this.#unexpected(token, `{{${type}}}`)
    if (this.#rangeDepth === 0) this.#fail(`{{${type}}} outside {{range}}`)
    return { type, at }
  }

  #branch(type: BranchNode['type']): BranchNode {
    return this.#deeper(() => {
      const variables = this.#variables.length
      const pipe = this.#pipeline(type, 'right-delimiter')
      if (type === 'range') this.#rangeDepth++
      const { list: body, end } = this.#list()
      if (type === 'range') this.#rangeDepth--
      const otherwise = end.type === 'else' ? this.#otherwise(type, end) : undefined
      this.#variables.length = variables
      return { type, at: pipe.at, pipe, body, otherwise }
    })
  }

  /** What follows `{{else}}`; `{{else if}}` is an `if` inside it that shares its `{{end}}`. */
  #otherwise(type: BranchNode['type'], start: Terminator): ListNode {
    if (type !== 'range' && isKeyword(this.#peek(), type)) {
      this.#take()
      return { type: 'list', at: start.at, nodes: [this.#branch(type)] }
    }
    const { list, end } = this.#list()
    if (end.type !== 'end') this.#fail(`expected end; found {{${end.type}}}`)
    return list
  }

  #invocation(): StatementNode {
    const token = this.#takeNonSpace()
    const name = this.#templateName(token, 'template clause')
    if (this.#peekNonSpace().type === 'right-delimiter') {
      this.#takeNonSpace()
      return { type: 'template', at: token.at, name }
    }
    return { type: 'template', at: token.at, name, pipe: this.#pipeline('template clause', 'right-delimiter') }
  }

  #block(): StatementNode {
    const token = this.#takeNonSpace()
    const name = this.#templateName(token, 'block clause')
    const pipe = this.#pipeline('block clause', 'right-delimiter')
    this.#add(name, this.#ownScope('block clause'))
    return { type: 'template', at: token.at, name, pipe }
  }

  #templateName(token: Token, context: string): string {
    if (token.type !== 'string' && token.type !== 'raw-string') return this.#unexpected(token, context)
    return unquote(token.value) ?? this.#fail('invalid syntax')
  }

  // Pipelines

  #pipeline(context: string, end: TokenType): PipeNode {
    const at = this.#peekNonSpace().at
    const { declares, assigns } = this.#declarations(context)
    const commands: CommandNode[] = []
    for (;;) {
      const token = this.#peekNonSpace()
      if (token.type === end) {
        this.#takeNonSpace()
        break
      }
      if (!startsOperand(token)) {
        this.#takeNonSpace()
        this.#unexpected(token, context)
      }
      commands.push(this.#command())
    }
    if (commands.length === 0) this.#fail(`missing value for ${context}`)
    const stage = commands.findIndex((command, index) => index > 0 && isValue(command.args[0]!))
    if (stage > 0) this.#fail(`non executable command in pipeline stage ${stage + 1}`)
    return { type: 'pipe', at, declares, assigns, commands }
  }

  #declarations(context: string): { declares: VariableNode[]; assigns: boolean } {
    const declares: VariableNode[] = []
    while (this.#peekNonSpace().type === 'variable') {
      const before = this.#next
      const variable = this.#takeNonSpace()
      const next = this.#peekNonSpace()
      const isComma = next.type === 'char' && next.value === ','
      if (next.type !== 'assign' && next.type !== 'declare' && !isComma) {
        this.#next = before
        break
      }
      this.#takeNonSpace()
      declares.push({ type: 'variable', at: variable.at, name: variable.value, path: [] })
      this.#variables.push(variable.value)
      if (!isComma) return { declares, assigns: next.type === 'assign' }
      if (context !== 'range' || declares.length >= 2) this.#fail(`too many declarations in ${context}`)
      const after = this.#peekNonSpace().type
      if (after !== 'variable' && after !== 'right-delimiter' && after !== 'right-paren') {
        this.#fail('range can only initialize variables')
      }
    }
    return { declares, assigns: false }
  }

  #command(): CommandNode {
    const at = this.#peekNonSpace().at
    const args: OperandNode[] = []
    for (;;) {
      this.#peekNonSpace()
      const operand = this.#operand()
      if (operand) args.push(operand)
      const token = this.#take()
      if (token.type === 'space') continue
      if (token.type === 'right-delimiter' || token.type === 'right-paren') this.#next--
      else if (token.type !== 'pipe') this.#unexpected(token, 'operand')
      break
    }
    if (args.length === 0) this.#fail('empty command')
    return { type: 'command', at, args }
  }

  /** A term with the fields that follow it; undefined when no operand is next. */
  #operand(): OperandNode | undefined {
    const term = this.#term()
    if (!term || this.#peek().type !== 'field') return term
    const at = this.#peek().at
    const path: string[] = []
    while (this.#peek().type === 'field') path.push(this.#take().value.slice(1))
    switch (term.type) {
      case 'field':
      case 'variable':
        return { ...term, at, path: [...term.path, ...path] }
      case 'bool':
      case 'string':
      case 'number':
      case 'nil':
      case 'dot':
        return this.#fail(`unexpected . after term ${goQuote(nodeText(term))}`)
      default:
        return { type: 'chain', at, operand: term, path }
    }
  }

  #term(): OperandNode | undefined {
    const token = this.#takeNonSpace()
    const { at, value } = token
    switch (token.type) {
      case 'identifier':
        if (!this.#functions.has(value)) this.#fail(`function ${goQuote(value)} not defined`)
        return { type: 'function', at, name: value }
      case 'dot':
        return { type: 'dot', at }
      case 'variable':
        if (!this.#variables.includes(value)) this.#fail(`undefined variable ${goQuote(value)}`)
        return { type: 'variable', at, name: value, path: [] }
      case 'field':
        return { type: 'field', at, path: [value.slice(1)] }
      case 'bool':
        return { type: 'bool', at, value: value === 'true', source: value }
      case 'rune':
      case 'number':
        return { type: 'number', at, value: this.#number(token), source: value }
      case 'string':
      case 'raw-string':
        return { type: 'string', at, value: unquote(value) ?? this.#fail('invalid syntax'), source: value }
      case 'left-paren':
        return this.#deeper(() => this.#pipeline('parenthesized pipeline', 'right-paren'))
      case 'keyword':
        if (value === 'nil') return { type: 'nil', at }
    }
    this.#next--
    return undefined
  }

  #number({ type, value }: Token): bigint | number | undefined {
    try {
      return type === 'rune' ? BigInt(unquoteRune(value)) : parseNumber(value)
    } catch (error) {
      return this.#fail((error as Error).message)
    }
  }

  // Tokens and errors

  #deeper<T>(read: () => T): T {
    if (this.#depth >= maxDepth) this.#fail('max expression depth exceeded')
    this.#depth++
    const result = read()
    this.#depth--
    return result
  }

  #peek(): Token {
    this.#furthest = Math.max(this.#furthest, Math.min(this.#next, this.#tokens.length - 1))
    return this.#tokens[this.#next] ?? this.#tokens.at(-1)!
  }

  #take(): Token {
    const token = this.#peek()
    this.#next++
    return token
  }

  #takeNonSpace(): Token {
    this.#peekNonSpace()
    return this.#take()
  }

  #peekNonSpace(): Token {
    while (this.#peek().type === 'space') this.#next++
    return this.#peek()
  }

  #expect(type: TokenType, context: string): Token {
    const token = this.#takeNonSpace()
    return token.type === type ? token : this.#unexpected(token, context)
  }

  #unexpected(token: Token, context: string): never {
    if (token.type !== 'error') return this.#fail(`unexpected ${tokenName(token)} in ${context}`)
    const elsewhere = this.#actionLine !== 0 && this.#actionLine !== token.line
    const subject = token.value.endsWith(' action') ? '' : ' in action'
    return this.#fail(token.value + (elsewhere ? `${subject} started at :${this.#actionLine}` : ''))
  }

  #fail(complaint: string): never {
    throw new TemplateParseError(`template: :${this.#tokens[this.#furthest]!.line}: ${complaint}`)
  }
}

function isKeyword(token: Token, word: string): boolean {
  return token.type === 'keyword' && token.value === word
}

const operandStarts = new Set<TokenType>([
  'bool',
  'rune',
  'dot',
  'field',
  'identifier',
  'number',
  'raw-string',
  'string',
  'variable',
  'left-paren',
])

function startsOperand(token: Token): boolean {
  return operandStarts.has(token.type) || isKeyword(token, 'nil')
}

/** Constants and the dot can only begin a pipeline. */
function isValue(node: OperandNode): boolean {
  return ['bool', 'dot', 'nil', 'number', 'string'].includes(node.type)
}
