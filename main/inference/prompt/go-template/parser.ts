import { goQuote } from '../../../go/text.ts'
import { type Token, type TokenType, tokenize } from './lexer.ts'
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
import { isKeyword, TokenReader } from './token-reader.ts'

/** The main template under the name '' and everything it defines. */
export type TemplateSet = ReadonlyMap<string, ListNode>

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
  readonly #tokens: TokenReader
  readonly #functions: ReadonlySet<string>
  readonly #templates = new Map<string, ListNode>()
  #variables = ['$']
  #rangeDepth = 0

  constructor(source: string, functions: ReadonlySet<string>) {
    this.#tokens = new TokenReader(tokenize(source))
    this.#functions = functions
  }

  parse(): TemplateSet {
    const nodes: StatementNode[] = []
    const at = this.#tokens.peek().at
    while (this.#tokens.peek().type !== 'eof') {
      if (this.#isDefinition()) {
        this.#definition()
        continue
      }
      const node = this.#textOrAction()
      if (node.type === 'end' || node.type === 'else') this.#tokens.fail(`unexpected {{${node.type}}}`)
      nodes.push(node)
    }
    this.#add('', { type: 'list', at, nodes })
    return this.#templates
  }

  // Statements

  #isDefinition(): boolean {
    if (this.#tokens.peek().type !== 'left-delimiter') return false
    const before = this.#tokens.next
    this.#tokens.take()
    const isDefine = isKeyword(this.#tokens.takeNonSpace(), 'define')
    this.#tokens.next = before
    return isDefine
  }

  #definition(): void {
    this.#tokens.take()
    this.#tokens.takeNonSpace()
    const context = 'define clause'
    const name = this.#templateName(this.#tokens.takeNonSpace(), context)
    this.#tokens.expect('right-delimiter', context)
    this.#add(name, this.#ownScope(context))
  }

  /** The body of a `define` or `block`, which sees no variables of its surroundings. */
  #ownScope(context: string): ListNode {
    const [variables, rangeDepth, actionLine] = [this.#variables, this.#rangeDepth, this.#tokens.actionLine]
    this.#variables = ['$']
    this.#rangeDepth = 0
    const { list, end } = this.#tokens.deeper(() => this.#list())
    if (end.type !== 'end') this.#tokens.fail(`unexpected {{${end.type}}} in ${context}`)
    this.#variables = variables
    this.#rangeDepth = rangeDepth
    this.#tokens.actionLine = actionLine
    return list
  }

  #add(name: string, list: ListNode): void {
    const old = this.#templates.get(name)
    if (!old || isEmptyList(old)) this.#templates.set(name, list)
    else if (!isEmptyList(list)) this.#tokens.fail(`template: multiple definition of template ${goQuote(name)}`)
  }

  /** Statements up to `{{end}}` or `{{else}}`. */
  #list(): { list: ListNode; end: Terminator } {
    const at = this.#tokens.peekNonSpace().at
    const nodes: StatementNode[] = []
    while (this.#tokens.peekNonSpace().type !== 'eof') {
      const node = this.#textOrAction()
      if (node.type === 'end' || node.type === 'else') return { list: { type: 'list', at, nodes }, end: node }
      nodes.push(node)
    }
    return this.#tokens.fail('unexpected EOF')
  }

  #textOrAction(): StatementNode | Terminator {
    const token = this.#tokens.takeNonSpace()
    if (token.type === 'text') return { type: 'text', at: token.at, text: token.value }
    if (token.type !== 'left-delimiter') return this.#tokens.unexpected(token, 'input')
    this.#tokens.actionLine = token.line
    const action = this.#action()
    this.#tokens.actionLine = 0
    return action
  }

  #action(): StatementNode | Terminator {
    const token = this.#tokens.peekNonSpace()
    if (token.type === 'keyword' && token.value !== 'nil' && token.value !== 'define') {
      this.#tokens.takeNonSpace()
      switch (token.value) {
        case 'if':
        case 'with':
        case 'range':
          return this.#branch(token.value)
        case 'break':
        case 'continue':
          return this.#jump(token.value, token.at)
        case 'else': {
          const next = this.#tokens.peekNonSpace()
          const joined = isKeyword(next, 'if') || isKeyword(next, 'with')
          return { type: 'else', at: joined ? next.at : this.#tokens.expect('right-delimiter', 'else').at }
        }
        case 'end':
          return { type: 'end', at: this.#tokens.expect('right-delimiter', 'end').at }
        case 'template':
          return this.#invocation()
        case 'block':
          return this.#block()
      }
    }
    return { type: 'action', at: this.#tokens.peek().at, pipe: this.#pipeline('command', 'right-delimiter') }
  }

  #jump(type: 'break' | 'continue', at: number): StatementNode {
    const token = this.#tokens.takeNonSpace()
    if (token.type !== 'right-delimiter') this.#tokens.unexpected(token, `{{${type}}}`)
    if (this.#rangeDepth === 0) this.#tokens.fail(`{{${type}}} outside {{range}}`)
    return { type, at }
  }

  #branch(type: BranchNode['type']): BranchNode {
    return this.#tokens.deeper(() => {
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
    if (type !== 'range' && isKeyword(this.#tokens.peek(), type)) {
      this.#tokens.take()
      return { type: 'list', at: start.at, nodes: [this.#branch(type)] }
    }
    const { list, end } = this.#list()
    if (end.type !== 'end') this.#tokens.fail(`expected end; found {{${end.type}}}`)
    return list
  }

  #invocation(): StatementNode {
    const token = this.#tokens.takeNonSpace()
    const name = this.#templateName(token, 'template clause')
    if (this.#tokens.peekNonSpace().type === 'right-delimiter') {
      this.#tokens.takeNonSpace()
      return { type: 'template', at: token.at, name }
    }
    return { type: 'template', at: token.at, name, pipe: this.#pipeline('template clause', 'right-delimiter') }
  }

  #block(): StatementNode {
    const token = this.#tokens.takeNonSpace()
    const name = this.#templateName(token, 'block clause')
    const pipe = this.#pipeline('block clause', 'right-delimiter')
    this.#add(name, this.#ownScope('block clause'))
    return { type: 'template', at: token.at, name, pipe }
  }

  #templateName(token: Token, context: string): string {
    if (token.type !== 'string' && token.type !== 'raw-string') return this.#tokens.unexpected(token, context)
    return unquote(token.value) ?? this.#tokens.fail('invalid syntax')
  }

  // Pipelines

  #pipeline(context: string, end: TokenType): PipeNode {
    const at = this.#tokens.peekNonSpace().at
    const { declares, assigns } = this.#declarations(context)
    const commands: CommandNode[] = []
    for (;;) {
      const token = this.#tokens.peekNonSpace()
      if (token.type === end) {
        this.#tokens.takeNonSpace()
        break
      }
      if (!startsOperand(token)) {
        this.#tokens.takeNonSpace()
        this.#tokens.unexpected(token, context)
      }
      commands.push(this.#command())
    }
    if (commands.length === 0) this.#tokens.fail(`missing value for ${context}`)
    const stage = commands.findIndex((command, index) => index > 0 && isValue(command.args[0]!))
    if (stage > 0) this.#tokens.fail(`non executable command in pipeline stage ${stage + 1}`)
    return { type: 'pipe', at, declares, assigns, commands }
  }

  #declarations(context: string): { declares: VariableNode[]; assigns: boolean } {
    const declares: VariableNode[] = []
    while (this.#tokens.peekNonSpace().type === 'variable') {
      const before = this.#tokens.next
      const variable = this.#tokens.takeNonSpace()
      const next = this.#tokens.peekNonSpace()
      const isComma = next.type === 'char' && next.value === ','
      if (next.type !== 'assign' && next.type !== 'declare' && !isComma) {
        this.#tokens.next = before
        break
      }
      this.#tokens.takeNonSpace()
      declares.push({ type: 'variable', at: variable.at, name: variable.value, path: [] })
      this.#variables.push(variable.value)
      if (!isComma) return { declares, assigns: next.type === 'assign' }
      if (context !== 'range' || declares.length >= 2) this.#tokens.fail(`too many declarations in ${context}`)
      const after = this.#tokens.peekNonSpace().type
      if (after !== 'variable' && after !== 'right-delimiter' && after !== 'right-paren') {
        this.#tokens.fail('range can only initialize variables')
      }
    }
    return { declares, assigns: false }
  }

  #command(): CommandNode {
    const at = this.#tokens.peekNonSpace().at
    const args: OperandNode[] = []
    for (;;) {
      this.#tokens.peekNonSpace()
      const operand = this.#operand()
      if (operand) args.push(operand)
      const token = this.#tokens.take()
      if (token.type === 'space') continue
      if (token.type === 'right-delimiter' || token.type === 'right-paren') this.#tokens.next--
      else if (token.type !== 'pipe') this.#tokens.unexpected(token, 'operand')
      break
    }
    if (args.length === 0) this.#tokens.fail('empty command')
    return { type: 'command', at, args }
  }

  /** A term with the fields that follow it; undefined when no operand is next. */
  #operand(): OperandNode | undefined {
    const term = this.#term()
    if (!term || this.#tokens.peek().type !== 'field') return term
    const at = this.#tokens.peek().at
    const path: string[] = []
    while (this.#tokens.peek().type === 'field') path.push(this.#tokens.take().value.slice(1))
    switch (term.type) {
      case 'field':
      case 'variable':
        return { ...term, at, path: [...term.path, ...path] }
      case 'bool':
      case 'string':
      case 'number':
      case 'nil':
      case 'dot':
        return this.#tokens.fail(`unexpected . after term ${goQuote(nodeText(term))}`)
      default:
        return { type: 'chain', at, operand: term, path }
    }
  }

  #term(): OperandNode | undefined {
    const token = this.#tokens.takeNonSpace()
    const { at, value } = token
    switch (token.type) {
      case 'identifier':
        if (!this.#functions.has(value)) this.#tokens.fail(`function ${goQuote(value)} not defined`)
        return { type: 'function', at, name: value }
      case 'dot':
        return { type: 'dot', at }
      case 'variable':
        if (!this.#variables.includes(value)) this.#tokens.fail(`undefined variable ${goQuote(value)}`)
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
        return { type: 'string', at, value: unquote(value) ?? this.#tokens.fail('invalid syntax'), source: value }
      case 'left-paren':
        return this.#tokens.deeper(() => this.#pipeline('parenthesized pipeline', 'right-paren'))
      case 'keyword':
        if (value === 'nil') return { type: 'nil', at }
    }
    this.#tokens.next--
    return undefined
  }

  #number({ type, value }: Token): bigint | number | undefined {
    try {
      return type === 'rune' ? BigInt(unquoteRune(value)) : parseNumber(value)
    } catch (error) {
      return this.#tokens.fail((error as Error).message)
    }
  }
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
