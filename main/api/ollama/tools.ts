import type { Tool } from '../../inference/requests.ts'
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
} from '../go-json/types.ts'

/** One argument of a function: the keywords of JSON schema that upstream keeps, in its order. */
interface ToolProperty {
  anyOf?: ToolProperty[]
  type?: string | string[]
  items?: unknown
  description: string
  enum?: unknown[]
  properties?: Record<string, ToolProperty>
  required?: string[]
}

/** A type name, or several; a list of one is written as that one. */
const propertyType: GoType<string | string[] | undefined> = nested({
  goName: '[]string',
  zero: () => undefined,
  read(from, current) {
    if (from.kind() === 'string') return from.string()
    const names = slice(string).read(from, undefined)
    return names?.length === 1 ? names[0] : (names ?? current)
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

const tool = struct('Tool', {
  type: string,
  items: any,
  function: struct('ToolFunction', {
    name: string,
    description: string,
    parameters: struct('ToolFunctionParameters', {
      type: string,
      $defs: any,
      items: any,
      required: slice(string),
      properties,
    }),
  }),
})

/**
 * `tools`: functions with their arguments as JSON schema. The order of properties is the text's; keywords upstream has
 * no field for are dropped (upstream api/types.go, Tool).
 */
export const tools: GoType<Infer<typeof tool>[] | undefined> = slice(tool, 'api.Tools')

/** A tool as inference wants it, what is empty left out. */
export function readTool(read: Infer<typeof tool>): Tool {
  const { name, description, parameters } = read.function
  return {
    type: read.type,
    ...(read.items === undefined ? {} : { items: read.items }),
    function: {
      name,
      ...(description ? { description } : {}),
      parameters: filled({
        ...parameters,
        required: parameters.required?.length ? parameters.required : undefined,
        properties: schemaProperties(parameters.properties ?? {}),
      }),
    },
  }
}

function schemaProperties(read: Record<string, ToolProperty>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(read).map(([name, property]) => [name, schemaProperty(property)]))
}

function schemaProperty(read: ToolProperty): Record<string, unknown> {
  return filled({
    ...read,
    anyOf: read.anyOf?.length ? read.anyOf.map(schemaProperty) : undefined,
    type: read.type?.length ? read.type : undefined,
    description: read.description || undefined,
    enum: read.enum?.length ? read.enum : undefined,
    properties: read.properties && schemaProperties(read.properties),
    required: read.required?.length ? read.required : undefined,
  })
}

const filled = (fields: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
