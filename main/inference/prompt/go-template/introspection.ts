import type { BranchNode, ListNode, OperandNode, PipeNode, StatementNode, TemplateTreeNode } from './nodes.ts'
import type { TemplateSet } from './parser.ts'

/** The parts of a node, in the order they stand in the text. */
function children(node: TemplateTreeNode): readonly TemplateTreeNode[] {
  switch (node.type) {
    case 'list':
      return node.nodes
    case 'action':
      return [node.pipe]
    case 'if':
    case 'with':
    case 'range':
      return node.otherwise ? [node.pipe, node.body, node.otherwise] : [node.pipe, node.body]
    case 'template':
      return node.pipe ? [node.pipe] : []
    case 'pipe':
      return [...node.declares, ...node.commands]
    case 'command':
      return node.args
    case 'chain':
      return [node.operand]
    default:
      return []
  }
}

/** The names of fields and variables in all templates of a set, lower-cased (upstream template/template.go, Vars). */
export function identifiers(templates: TemplateSet): Set<string> {
  const names = new Set<string>()
  const visit = (node: TemplateTreeNode): void => {
    if (node.type === 'field' || node.type === 'chain') for (const name of node.path) names.add(name.toLowerCase())
    if (node.type === 'variable') for (const name of [node.name, ...node.path]) names.add(name.toLowerCase())
    for (const child of children(node)) visit(child)
  }
  for (const list of templates.values()) visit(list)
  return names
}

/** Whether a field or variable path inside the node has the name. */
function mentions(node: TemplateTreeNode, field: string): boolean {
  if ((node.type === 'field' || node.type === 'chain' || node.type === 'variable') && node.path.includes(field))
    return true
  return children(node).some(child => mentions(child, field))
}

/**
 * The template up to and with the first `.Response`; all that comes after it in the text is gone, so that an answer
 * begun by the last message is continued (upstream template/template.go).
 */
export function cutAfterResponse(root: ListNode): ListNode {
  let cut = false
  const list = ({ at, nodes }: ListNode): ListNode => {
    const kept: StatementNode[] = []
    for (const node of nodes) {
      if (cut) break
      kept.push(statement(node))
    }
    return { type: 'list', at, nodes: kept }
  }
  const statement = (node: StatementNode): StatementNode => {
    if (node.type === 'action' || node.type === 'template') {
      cut ||= node.pipe !== undefined && pipeHasResponse(node.pipe)
      return node
    }
    if (node.type !== 'if' && node.type !== 'with' && node.type !== 'range') return node
    const body = list(node.body)
    const otherwise = node.otherwise && !cut ? list(node.otherwise) : undefined
    return { ...node, body, otherwise }
  }
  return list(root)
}

/** A condition such as `{{ if .Response }}` does not show the answer, so only what is printed counts. */
function pipeHasResponse(pipe: PipeNode): boolean {
  return pipe.commands.some(command => command.args.some(operandHasResponse))
}

function operandHasResponse(node: OperandNode): boolean {
  if (node.type === 'pipe') return pipeHasResponse(node)
  return node.type === 'field' && node.path.includes('Response')
}

/**
 * The tags around the thinking of earlier answers: the texts first and last in the list that prints `.Thinking` of a
 * message. Undefined for a template without them (upstream thinking/template.go).
 */
export function thinkingTags(root: ListNode): { open: string; close: string } | undefined {
  let open = ''
  let close = ''
  const visit = (node: TemplateTreeNode, lists: readonly ListNode[], ranges: readonly BranchNode[]): void => {
    if (node.type === 'field' && node.path.includes('Thinking')) {
      const range = ranges.at(-1)
      const list = lists.at(-1)
      if (!range || !list || !mentionsMessages(range.pipe)) return
      const [first, last] = [list.nodes[0], list.nodes.at(-1)]
      if (first?.type === 'text') open = first.text.trim()
      if (last?.type === 'text') close = last.text.trim()
    }
    const inRanges = node.type === 'range' ? [...ranges, node] : ranges
    const inLists = node.type === 'list' ? [...lists, node] : lists
    for (const child of children(node)) visit(child, inLists, inRanges)
  }
  visit(root, [], [])
  return open && close ? { open, close } : undefined
}

function mentionsMessages(pipe: PipeNode): boolean {
  return mentions(pipe, 'Messages')
}

/**
 * The text a model writes before its tool calls, taken from the way the template shows earlier ones; `{` when it
 * shows them as bare JSON (upstream tools/template.go).
 */
export function toolCallTag(root: ListNode): string {
  const branch = findToolCalls(root)
  const text = branch ? firstText(branch.body.nodes) : undefined
  const tag = (text ?? '').split('{')[0]!.trim()
  return tag || '{'
}

function findToolCalls(node: TemplateTreeNode): BranchNode | undefined {
  if (node.type === 'if' && mentions(node.pipe, 'ToolCalls')) return node
  for (const child of children(node)) {
    const found = findToolCalls(child)
    if (found) return found
  }
  return undefined
}

/** The first text that is not blank, unless an action comes before it. */
function firstText(nodes: readonly StatementNode[]): string | undefined {
  for (const node of nodes) {
    if (node.type === 'text' && node.text.trim() !== '') return node.text
    if (node.type === 'action') return undefined
    if (node.type === 'if' || node.type === 'with' || node.type === 'range') return firstText(node.body.nodes)
  }
  return undefined
}
