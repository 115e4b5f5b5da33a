import type { Tool } from '../requests.ts'
import { compareBytes } from './go-template/values.ts'

/** One property of a tool's parameters: what Ollama keeps of its JSON schema (upstream api/types.go, ToolProperty). */
export interface ToolProperty {
  readonly anyOf?: readonly ToolProperty[]
  readonly type?: readonly string[]
  readonly items?: unknown
  readonly description?: string
  readonly enum?: readonly unknown[]
  readonly properties?: Readonly<Record<string, ToolProperty>>
  readonly required?: readonly string[]
}

export interface ToolParameters {
  readonly type: string
  readonly $defs?: unknown
  readonly items?: unknown
  readonly required?: readonly string[]
  readonly properties?: Readonly<Record<string, ToolProperty>>
}

/** Nested schemas deeper than this are cut: no model follows them, and a hostile one must not overflow the stack. */
const maxDepth = 64

/** The parameters of a tool, reduced to the keywords that Ollama knows, in its order. */
export function toolParameters(tool: Tool): ToolParameters {
  const schema = tool.function.parameters
  const { type, $defs, items, required } = schema
  return {
    type: typeof type === 'string' ? type : '',
    ...(present($defs) ? { $defs } : {}),
    ...(present(items) ? { items } : {}),
    ...listOf('required', required),
    ...(present(schema.properties) ? { properties: properties(schema.properties, 0) } : {}),
  }
}

/**
 * The declared types of a tool's argument; empty when the tool does not say. What a schema refers to counts, as Pydantic
 * and Zod write every class and every enumeration that way; upstream looks at `type` and `anyOf` alone.
 */
export function argumentTypes(tools: readonly Tool[], toolName: string, argument: string): readonly string[] {
  const root = tools.find(candidate => candidate.function.name === toolName)?.function.parameters
  return [...new Set(typesOf(memberOf(root?.properties, argument), root, new Set(), 0))]
}

/** @param followed schemas that were referred to, each of which is read once */
function typesOf(schema: unknown, root: unknown, followed: Set<unknown>, depth: number): string[] {
  if (!isObject(schema) || depth > maxDepth) return []
  const { type, $ref, anyOf, oneOf, allOf } = schema
  const parts = [anyOf, oneOf, allOf].flatMap(list => (Array.isArray(list) ? list : []))
  const referred = typeof $ref === 'string' ? referredBy($ref, root) : undefined
  if (referred !== undefined && !followed.has(referred)) {
    followed.add(referred)
    parts.push(referred)
  }
  const named = typeof type === 'string' ? [type] : Array.isArray(type) ? type.map(String) : []
  const types = [...named, ...parts.flatMap(part => typesOf(part, root, followed, depth + 1))]
  return types.length > 0 ? types : impliedTypes(schema)
}

/** The types of a schema that names none. */
function impliedTypes(schema: Record<string, unknown>): string[] {
  if (Array.isArray(schema.enum)) return schema.enum.map(typeOfValue)
  if ('const' in schema) return [typeOfValue(schema.const)]
  if ('properties' in schema || 'additionalProperties' in schema) return ['object']
  return 'items' in schema || 'prefixItems' in schema ? ['array'] : []
}

function typeOfValue(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  return Number.isInteger(value) ? 'integer' : typeof value
}

/** What a JSON pointer within the document points at (RFC 6901 §6). */
function referredBy(ref: string, root: unknown): unknown {
  const [document, ...path] = ref.split('/')
  if (document !== '#') return undefined
  return path.reduce((value: unknown, part) => memberOf(value, part.replaceAll('~1', '/').replaceAll('~0', '~')), root)
}

function memberOf(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The names of the arguments that a tool declares. */
export function argumentNames(tools: readonly Tool[], toolName: string): readonly string[] {
  const tool = tools.find(candidate => candidate.function.name === toolName)
  return Object.keys((tool && toolParameters(tool).properties) ?? {})
}

/** Order of keys in the objects of a schema: as they were sent, or sorted as Go prints its maps. */
export type KeyOrder = 'sent' | 'sorted'

/**
 * Parameters as JSON carries them; absent keywords are absent. Where no properties were sent a Go template prints null,
 * as upstream's types do; a Jinja template, which walks over them unasked, gets none of them.
 */
export function parametersJson(parameters: ToolParameters, order: KeyOrder): Record<string, unknown> {
  const { type, $defs, items, required, properties } = parameters
  return {
    type,
    ...($defs === undefined ? {} : { $defs: ordered($defs, order) }),
    ...(items === undefined ? {} : { items: ordered(items, order) }),
    ...(required ? { required } : {}),
    properties: properties || order === 'sent' ? propertiesJson(properties ?? {}, order) : null,
  }
}

/** A property as JSON carries it: a single type is a string. */
export function propertyJson(property: ToolProperty, order: KeyOrder): Record<string, unknown> {
  const { anyOf, type, items, description, properties, required } = property
  return {
    ...(anyOf ? { anyOf: anyOf.map(choice => propertyJson(choice, order)) } : {}),
    ...(type ? { type: type.length === 1 ? type[0] : type } : {}),
    ...(items === undefined ? {} : { items: ordered(items, order) }),
    ...(description ? { description } : {}),
    ...(property.enum ? { enum: ordered(property.enum, order) } : {}),
    ...(properties ? { properties: propertiesJson(properties, order, 'sent') } : {}),
    ...(required ? { required } : {}),
  }
}

/** @param ofNames to Go those of a tool are a map, those within one of them keep their order (upstream api/types.go) */
export function propertiesJson(
  properties: Readonly<Record<string, ToolProperty>>,
  order: KeyOrder,
  ofNames = order,
): Record<string, unknown> {
  const names = Object.keys(properties)
  if (ofNames === 'sorted') names.sort(compareBytes)
  return Object.fromEntries(names.map(name => [name, propertyJson(properties[name]!, order)]))
}

/** A JSON value with its keys in the wished order. */
export function ordered(value: unknown, order: KeyOrder): unknown {
  if (order === 'sent' || typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(item => ordered(item, order))
  const object = value as Record<string, unknown>
  const names = Object.keys(object).sort(compareBytes)
  return Object.fromEntries(names.map(name => [name, ordered(object[name], order)]))
}

function property(value: unknown, depth: number): ToolProperty {
  if (typeof value !== 'object' || value === null || depth > maxDepth) return {}
  const schema = value as Record<string, unknown>
  const { anyOf, type, items, description, required } = schema
  const types = typeof type === 'string' ? [type] : type
  return {
    ...(Array.isArray(anyOf) && anyOf.length > 0 ? { anyOf: anyOf.map(choice => property(choice, depth + 1)) } : {}),
    ...listOf('type', types),
    ...(present(items) ? { items } : {}),
    ...(typeof description === 'string' && description ? { description } : {}),
    ...(Array.isArray(schema.enum) && schema.enum.length > 0 ? { enum: schema.enum } : {}),
    ...(present(schema.properties) && typeof schema.properties === 'object'
      ? { properties: properties(schema.properties, depth + 1) }
      : {}),
    ...listOf('required', required),
  }
}

function properties(value: unknown, depth: number): Record<string, ToolProperty> {
  if (typeof value !== 'object' || value === null) return {}
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, property(item, depth)]))
}

function listOf(key: 'type' | 'required', value: unknown): Record<string, readonly string[]> {
  return Array.isArray(value) && value.length > 0 ? { [key]: value.map(String) } : {}
}

function present(value: unknown): boolean {
  return value !== undefined && value !== null
}
