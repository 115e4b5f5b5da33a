import {
  countFields,
  type DateForm,
  depthOf,
  type Field,
  type Json,
  type JsonObject,
  limits,
  type Shape,
} from './field.ts'
import { PasteTrouble } from './paste-trouble.ts'
import { isObject, SchemaDocument } from './schema-reference.ts'

/** Keywords that describe and do not restrict, whatever the kind. */
const annotations = [
  ...['title', 'description', 'default', 'examples', 'example', '$comment', '$schema', '$id', '$defs', 'definitions'],
  ...['readOnly', 'writeOnly', 'deprecated', 'nullable', 'strict', 'type'],
]
/** Keywords a shape can say; with any other, a part is kept word for word. */
const sayable = {
  text: ['minLength', 'maxLength', 'format', 'pattern'],
  number: ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'format'],
  'yes-no': [],
  choice: ['enum', 'const'],
  list: ['items', 'minItems', 'maxItems'],
  group: ['properties', 'required', 'additionalProperties', 'unevaluatedProperties', 'propertyOrdering'],
}
const dateForms: Readonly<Record<string, DateForm>> = { date: 'date', 'date-time': 'date-time', time: 'time' }

/**
 * The fields a JSON schema asks for. Titles become names, descriptions hints, what may be null is not required; what
 * fields cannot say (a choice between kinds of values, a text that is no constant) is kept as it is.
 * @throws PasteTrouble
 */
export function fieldsFromSchema(schema: JsonObject): Field[] {
  const document = new SchemaDocument(schema)
  const root = document.resolved(schema, '#', [])
  const shape = new Reader(document).shape(root.schema, '#', root.within, 0)
  const fields = shape.kind === 'group' ? shape.fields : shape.kind === 'list' ? [field('items', shape)] : []
  if (fields.length === 0) throw new PasteTrouble('no-fields')
  if (countFields(fields) > limits.fields) throw new PasteTrouble('too-many')
  if (depthOf(fields) > limits.depth) throw new PasteTrouble('too-deep')
  return [...fields]
}

const field = (key: string, shape: Shape): Field => ({ key, required: true, shape })

class Reader {
  readonly #document: SchemaDocument

  constructor(document: SchemaDocument) {
    this.#document = document
  }

  shape(schema: JsonObject, place: string, within: readonly string[], depth: number): Shape {
    if (depth > limits.depth) throw new PasteTrouble('too-deep', place)
    const said =
      this.#choice(schema) ??
      this.#text(schema) ??
      this.#number(schema) ??
      this.#list(schema, place, within, depth) ??
      this.#group(schema, place, within, depth)
    if (said) return said
    if (schema.type === 'boolean' && onlySays(schema, 'yes-no')) return { kind: 'yes-no' }
    return this.#other(schema, place, within)
  }

  #field(key: string, part: Json, required: boolean, place: string, within: readonly string[], depth: number): Field {
    if (key === '' || key.length > limits.name) throw new PasteTrouble('bad-name', place)
    // `true` allows anything, `false` nothing: an answer with it there can never be.
    const given = isObject(part) ? part : part === false ? { not: {} } : {}
    const resolved = this.#document.resolved(given, place, within)
    const { schema, nullable } = this.#withoutNull(resolved.schema, place, resolved.within)
    const { title, description } = { ...resolved.schema, ...schema }
    return {
      key,
      ...(typeof title === 'string' && title !== '' && title !== key ? { title: title.slice(0, limits.name) } : {}),
      ...(typeof description === 'string' && description !== '' ? { hint: description.slice(0, limits.hint) } : {}),
      required: required && !nullable,
      shape: this.shape(schema, place, resolved.within, depth),
    }
  }

  /** What a part says of values that are not null, and whether null is allowed beside them. */
  #withoutNull(
    schema: JsonObject,
    place: string,
    within: readonly string[],
  ): { schema: JsonObject; nullable: boolean } {
    const { type, nullable } = schema
    if (Array.isArray(type) && type.includes('null') && type.length === 2) {
      const values: JsonObject = Array.isArray(schema.enum) ? { enum: schema.enum.filter(value => value !== null) } : {}
      return { schema: { ...schema, ...values, type: type.find(name => name !== 'null') as Json }, nullable: true }
    }
    for (const union of ['anyOf', 'oneOf'] as const) {
      const { [union]: parts, ...rest } = schema
      if (!Array.isArray(parts)) continue
      const others = parts.filter(part => !(isObject(part) && part.type === 'null'))
      const [only] = others
      if (others.length !== 1 || !isObject(only)) continue
      const resolved = this.#document.resolved(only, `${place}/${union}`, within)
      return { schema: { ...resolved.schema, ...rest }, nullable: others.length < parts.length }
    }
    return { schema, nullable: nullable === true }
  }

  #choice(schema: JsonObject): Shape | undefined {
    const values = Array.isArray(schema.enum) ? schema.enum : 'const' in schema ? [schema.const as Json] : undefined
    if (!values || values.length === 0 || values.length > limits.choices || !onlySays(schema, 'choice'))
      return undefined
    const texts = values.filter(value => typeof value === 'string' && value !== '' && value.length <= limits.choice)
    return texts.length === values.length ? { kind: 'choice', choices: [...new Set(texts as string[])] } : undefined
  }

  #text(schema: JsonObject): Shape | undefined {
    if (schema.type !== 'string' || !onlySays(schema, 'text')) return undefined
    const { format, pattern, minLength, maxLength } = schema
    const form = typeof format === 'string' ? dateForms[format] : undefined
    if (form && pattern === undefined && minLength === undefined && maxLength === undefined)
      return { kind: 'date', form }
    return {
      kind: 'text',
      ...(typeof minLength === 'number' ? { minLength } : {}),
      ...(typeof maxLength === 'number' ? { maxLength } : {}),
      ...(typeof format === 'string' ? { format } : {}),
      ...(typeof pattern === 'string' ? { pattern } : {}),
    }
  }

  #number(schema: JsonObject): Shape | undefined {
    const whole = schema.type === 'integer'
    if ((schema.type !== 'number' && !whole) || !onlySays(schema, 'number')) return undefined
    const { exclusiveMinimum: above, exclusiveMaximum: below } = schema
    // Between whole numbers there is a next one; otherwise fields have no word for it.
    if (!whole && (above !== undefined || below !== undefined)) return undefined
    const minimum = typeof above === 'number' ? Math.floor(above) + 1 : schema.minimum
    const maximum = typeof below === 'number' ? Math.ceil(below) - 1 : schema.maximum
    return {
      kind: 'number',
      whole,
      ...(typeof minimum === 'number' ? { minimum } : {}),
      ...(typeof maximum === 'number' ? { maximum } : {}),
    }
  }

  #list(schema: JsonObject, place: string, within: readonly string[], depth: number): Shape | undefined {
    if (schema.type !== 'array' || !isObject(schema.items) || !onlySays(schema, 'list')) return undefined
    const { minItems, maxItems } = schema
    const items = this.#document.resolved(schema.items, `${place}/items`, within)
    return {
      kind: 'list',
      item: this.shape(items.schema, `${place}/items`, items.within, depth + 1),
      ...(typeof minItems === 'number' ? { minItems } : {}),
      ...(typeof maxItems === 'number' ? { maxItems } : {}),
    }
  }

  #group(schema: JsonObject, place: string, within: readonly string[], depth: number): Shape | undefined {
    const { type = 'object', properties, additionalProperties: more = false } = schema
    if (type !== 'object' || !isObject(properties) || isObject(more) || !onlySays(schema, 'group')) return undefined
    const required = Array.isArray(schema.required) ? schema.required : []
    const fields = Object.entries(properties)
      // What may not be there is no field.
      .filter(([key, part]) => part !== false || required.includes(key))
      .map(([key, part]) =>
        this.#field(key, part, required.includes(key), `${place}/properties/${key}`, within, depth + 1),
      )
    return fields.length === 0 ? undefined : { kind: 'group', fields }
  }

  #other(schema: JsonObject, place: string, within: readonly string[]): Shape {
    const { title: _, description: __, $schema: ___, ...rest } = schema
    const own = this.#document.inlined(rest, place, within) as JsonObject
    if (JSON.stringify(own).length > limits.otherSchema) throw new PasteTrouble('too-large', place)
    return { kind: 'other', schema: own }
  }
}

/** Whether a part restricts by nothing but what a shape of that kind can say. */
function onlySays(schema: JsonObject, kind: keyof typeof sayable): boolean {
  const known = new Set([...annotations, ...sayable[kind]])
  return Object.keys(schema).every(keyword => known.has(keyword) || keyword.startsWith('x-'))
}
