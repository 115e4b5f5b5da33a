import type { Field, JsonObject, Shape } from './field.ts'

/**
 * The JSON schema a model's answer is bound by. Every field stands in every answer, in its order; one that is not
 * required may be null (an empty list, where it is a list). Left out it could not be: keys come in order, so a model
 * that writes the second first could never come back to the first.
 */
export function answerSchema(fields: readonly Field[]): JsonObject {
  return groupSchema(fields, answered)
}

/** The same for a form that a person fills: what is not required may be left out, and nothing is null. */
export function inputSchema(fields: readonly Field[]): JsonObject {
  return groupSchema(fields, field => shapeSchema(field.shape, inputSchema))
}

function answered({ shape, required }: Field): JsonObject {
  const schema = shapeSchema(shape, answerSchema)
  return required ? schema : orNull(shape, schema)
}

function groupSchema(fields: readonly Field[], valueSchema: (field: Field) => JsonObject): JsonObject {
  const always = (field: Field) => field.required || valueSchema === answered
  return {
    type: 'object',
    properties: Object.fromEntries(
      fields.map(field => [
        field.key,
        {
          ...(field.title && field.title !== field.key ? { title: field.title } : {}),
          ...(field.hint ? { description: field.hint } : {}),
          ...valueSchema(field),
        },
      ]),
    ),
    required: fields.filter(always).map(({ key }) => key),
    additionalProperties: false,
  }
}

function shapeSchema(shape: Shape, group: (fields: readonly Field[]) => JsonObject): JsonObject {
  switch (shape.kind) {
    case 'text': {
      const { minLength, maxLength, format, pattern } = shape
      return { type: 'string', ...given({ minLength, maxLength, format, pattern }) }
    }
    case 'number': {
      const { minimum, maximum } = shape
      return { type: shape.whole ? 'integer' : 'number', ...given({ minimum, maximum }) }
    }
    case 'yes-no':
      return { type: 'boolean' }
    case 'choice':
      return { type: 'string', enum: shape.choices }
    case 'date':
      return { type: 'string', format: shape.form }
    case 'list': {
      const { minItems, maxItems } = shape
      return { type: 'array', items: shapeSchema(shape.item, group), ...given({ minItems, maxItems }) }
    }
    case 'group':
      return group(shape.fields)
    case 'other':
      return shape.schema
  }
}

function orNull({ kind }: Shape, schema: JsonObject): JsonObject {
  if (kind === 'list') return { ...schema, minItems: 0 }
  if (kind === 'other') return { anyOf: [schema, { type: 'null' }] }
  const type = [schema.type as string, 'null']
  return kind === 'choice' ? { ...schema, type, enum: [...(schema.enum as string[]), null] } : { ...schema, type }
}

/** The members that have a value. */
function given(members: Record<string, string | number | undefined>): JsonObject {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as JsonObject
}
