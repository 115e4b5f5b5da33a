import {
  any,
  type GoType,
  type Infer,
  lazy,
  nested,
  orderedMap,
  pointer,
  slice,
  string,
  struct,
} from '../../go/json/types.ts'
import type { Tool } from '../../inference/requests.ts'

/** One argument of a function: the keywords of JSON schema that upstream keeps, in its order. */
export interface ToolProperty {
  anyOf?: ToolProperty[]
  type?: string | string[]
  items?: unknown
  description: string
  enum?: unknown[]
  properties?: Record<string, ToolProperty>
  required?: string[]
}

/** A type name, or several. */
const propertyType = nested<string | string[] | undefined>({
  goName: '[]string',
  zero: () => undefined,
  read(from, current) {
    if (from.kind() === 'string') return from.string()
    return slice(string).read(from, undefined) ?? current
  },
})

const toolProperty: GoType<ToolProperty> = lazy('api.ToolProperty', () => wholeProperty)

const properties = pointer(orderedMap(toolProperty))

const wholeProperty: GoType<ToolProperty> = struct('ToolProperty', {
  anyOf: slice(toolProperty),
  type: propertyType,
  items: any,
  description: string,
  enum: slice(any),
  properties,
  required: slice(string),
})

/** The arguments of a function as JSON schema. */
export const toolParameters = struct('ToolFunctionParameters', {
  type: string,
  $defs: any,
  items: any,
  required: slice(string),
  properties,
})

/** One tool, as {@link readTool} takes it. */
export const tool = struct('Tool', {
  type: string,
  items: any,
  function: struct('ToolFunction', { name: string, description: string, parameters: toolParameters }),
})

/**
 * `tools`: functions with their arguments as JSON schema. The order of properties is the text's; keywords upstream has
 * no field for are dropped (upstream api/types.go, Tool).
 */
export const tools: GoType<Infer<typeof tool>[] | undefined> = slice(tool, 'api.Tools')

/** A tool as inference wants it. */
export function readTool({ type, items, function: { name, description, parameters } }: Infer<typeof tool>): Tool {
  return { type, items, function: { name, description: description || undefined, parameters } }
}
