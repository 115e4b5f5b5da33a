import { goQuote } from '../../../go/text.ts'

/** Every node knows its offset in the source (UTF-16 units), for errors. */
interface Placed {
  readonly at: number
}

export interface TextNode extends Placed {
  readonly type: 'text'
  readonly text: string
}
/** `{{ pipeline }}` */
export interface ActionNode extends Placed {
  readonly type: 'action'
  readonly pipe: PipeNode
}
/** `{{ if }}`, `{{ with }}`, `{{ range }}` */
export interface BranchNode extends Placed {
  readonly type: 'if' | 'with' | 'range'
  readonly pipe: PipeNode
  readonly body: ListNode
  readonly otherwise?: ListNode
}
/** `{{ template "name" pipeline }}` */
export interface TemplateNode extends Placed {
  readonly type: 'template'
  readonly name: string
  readonly pipe?: PipeNode
}
export interface JumpNode extends Placed {
  readonly type: 'break' | 'continue'
}
export interface ListNode extends Placed {
  readonly type: 'list'
  readonly nodes: readonly StatementNode[]
}
export type StatementNode = TextNode | ActionNode | BranchNode | TemplateNode | JumpNode

export interface PipeNode extends Placed {
  readonly type: 'pipe'
  readonly declares: readonly VariableNode[]
  /** `=` instead of `:=`. */
  readonly assigns: boolean
  readonly commands: readonly CommandNode[]
}
export interface CommandNode extends Placed {
  readonly type: 'command'
  readonly args: readonly OperandNode[]
}
/** `.a.b`: the names without dots. */
export interface FieldNode extends Placed {
  readonly type: 'field'
  readonly path: readonly string[]
}
/** `$x.a.b`: the name with its `$`, then fields. */
export interface VariableNode extends Placed {
  readonly type: 'variable'
  readonly name: string
  readonly path: readonly string[]
}
/** `(pipeline).a.b` or `function.a.b` */
export interface ChainNode extends Placed {
  readonly type: 'chain'
  readonly operand: OperandNode
  readonly path: readonly string[]
}
export interface FunctionNode extends Placed {
  readonly type: 'function'
  readonly name: string
}
/** A constant; an integer that fits no int64 has no value and fails when it is evaluated. */
export interface ConstantNode extends Placed {
  readonly type: 'bool' | 'number' | 'string'
  readonly value: boolean | bigint | number | string | undefined
  readonly source: string
}
export interface WordNode extends Placed {
  readonly type: 'dot' | 'nil'
}
export type OperandNode = PipeNode | FieldNode | VariableNode | ChainNode | FunctionNode | ConstantNode | WordNode

export type TemplateTreeNode = ListNode | StatementNode | CommandNode | OperandNode

/** A node as Go prints it in the errors of an execution: `at <.Messages>`. */
export function nodeText(node: TemplateTreeNode): string {
  switch (node.type) {
    case 'list':
      return node.nodes.map(nodeText).join('')
    case 'text':
      return node.text
    case 'action':
      return `{{${nodeText(node.pipe)}}}`
    case 'if':
    case 'with':
    case 'range': {
      const otherwise = node.otherwise ? `{{else}}${nodeText(node.otherwise)}` : ''
      return `{{${node.type} ${nodeText(node.pipe)}}}${nodeText(node.body)}${otherwise}{{end}}`
    }
    case 'template':
      return `{{template ${goQuote(node.name)}${node.pipe ? ` ${nodeText(node.pipe)}` : ''}}}`
    case 'break':
    case 'continue':
      return `{{${node.type}}}`
    case 'pipe': {
      const names = node.declares.map(nodeText).join(', ')
      const declaration = names ? `${names} ${node.assigns ? '=' : ':='} ` : ''
      return declaration + node.commands.map(nodeText).join(' | ')
    }
    case 'command':
      return node.args.map(operandText).join(' ')
    case 'field':
      return node.path.map(name => `.${name}`).join('')
    case 'variable':
      return [node.name, ...node.path].join('.')
    case 'chain':
      return [operandText(node.operand), ...node.path].join('.')
    case 'function':
      return node.name
    case 'bool':
    case 'number':
    case 'string':
      return node.source
    case 'dot':
      return '.'
    case 'nil':
      return 'nil'
  }
}

function operandText(node: OperandNode): string {
  return node.type === 'pipe' ? `(${nodeText(node)})` : nodeText(node)
}

/** Whether a list holds nothing but white space: such a definition does not replace another. */
export function isEmptyList(list: ListNode): boolean {
  return list.nodes.every(node => node.type === 'text' && node.text.trim() === '')
}
