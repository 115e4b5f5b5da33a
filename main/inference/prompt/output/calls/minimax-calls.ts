import { objectOf } from '../../../../go/json/key-order.ts'
import type { Tool } from '../../../requests.ts'
import { delimitedReader } from '../call-readers.ts'
import type { BodyParser, CallSyntax } from '../format.ts'
import { isObject } from '../json-scanner.ts'
import { looseValue } from '../typed-value.ts'

/** Stands before each tag, so that text which looks like one is none. */
const namespace = ']<]minimax[>['

const open = `${namespace}<tool_call>`
const close = `${namespace}</tool_call>`

interface Element {
  readonly tag: string
  /** The attribute of that name. */
  readonly name: string
  text: string
  readonly children: Element[]
}

/** The elements in a text; what is left open is closed at its end. */
function elements(text: string): Element[] {
  const root: Element = { tag: '', name: '', text: '', children: [] }
  const path = [root]
  for (const piece of text.split(namespace).slice(1)) {
    const [written, slash, tag, name = ''] = /^<(\/?)([^>\s]+)(?: name="([^"]*)")?>/.exec(piece) ?? ['']
    if (slash === '/' && path.length > 1) path.pop()
    else if (tag !== undefined && slash === '') {
      const element: Element = { tag, name, text: '', children: [] }
      path.at(-1)!.children.push(element)
      path.push(element)
    }
    path.at(-1)!.text += piece.slice(written.length)
  }
  return root.children
}

/** The value of an element: the members of an object or the items of an array are elements again. */
function valueAt({ text, children }: Element, schema: unknown): unknown {
  const { properties, items } = isObject(schema) ? schema : {}
  const types = typesOf(schema)
  if (children.length > 0) {
    const isList = types.includes('array') || (types.length === 0 && children.every(({ tag }) => tag === 'item'))
    if (isList) return children.map(child => valueAt(child, items))
    return membersOf(children, properties)
  }
  if (text === '' && types.includes('array')) return []
  if (text === '' && types.includes('object')) return {}
  return looseValue(text, types)
}

function membersOf(children: readonly Element[], properties: unknown): Record<string, unknown> {
  const schemas = isObject(properties) ? properties : {}
  return objectOf(children.map((child): [string, unknown] => [child.tag, valueAt(child, schemas[child.tag])]))
}

function typesOf(schema: unknown): readonly string[] {
  const { type } = isObject(schema) ? schema : {}
  return Array.isArray(type) ? type.map(String) : typeof type === 'string' ? [type] : []
}

function propertiesOf(tools: readonly Tool[], name: string): unknown {
  return tools.find(tool => tool.function.name === name)?.function.parameters.properties
}

const body: BodyParser = (text, { tools }) => {
  const invoked = elements(text).filter(({ tag, name }) => tag === 'invoke' && name !== '')
  const calls = invoked.map(({ name, children }) => ({
    name,
    arguments: membersOf(children, propertiesOf(tools, name)),
  }))
  return calls.length > 0 ? calls : undefined
}

/** MiniMax M3: `]<]minimax[>[<invoke name="f">]<]minimax[>[<a>1]<]minimax[>[</a>]<]minimax[>[</invoke>` in a block. */
export const minimaxCalls: CallSyntax = {
  open: [open],
  markers: [close],
  reader: (_, context) => delimitedReader([close], body, { before: open, context }),
}
