import { type OutputUnit, type Schema, Validator } from '@cfworker/json-schema'
import { ErrorSchemaBuilder, type RJSFSchema, type RJSFValidationError, type ValidatorType } from '@rjsf/utils'
import { textWith } from '../../../i18n/i18n.ts'
import type { TextKey } from '../../../i18n/texts.ts'

/**
 * Judges what a person wrote into a form. Without `eval`, which the page's policy forbids; and without patterns, as a
 * stranger's schema may bring one that takes for ever, and a person knows better than it what is right.
 */
export const validator: ValidatorType = {
  validateFormData(formData, schema) {
    const failures = errorsOf(schema, formData)
    const builder = new ErrorSchemaBuilder()
    // By their steps: in a path that is a text, a dot of a key would be taken for a step.
    for (const { message, path } of failures) builder.addErrors(message, [...path])
    return { errors: failures.map(({ error }) => error), errorSchema: builder.ErrorSchema }
  },
  isValid: (schema, formData) => judge(schema, formData).valid,
  rawValidation: <Result>(schema: RJSFSchema, formData?: unknown) => ({
    errors: judge(schema, formData).errors as Result[],
  }),
}

/** Whether nothing is wrong with it. */
export const isSound = (schema: RJSFSchema, formData: unknown): boolean => judge(schema, formData).valid

/** Keywords that only say that something deeper is wrong. */
const outer = new Set(['properties', 'items', 'prefixItems', 'additionalProperties', 'allOf'])

function judge(schema: RJSFSchema, value: unknown) {
  return new Validator(withoutPatterns(schema) as Schema, '2020-12', false).validate(value)
}

interface Failure {
  readonly path: readonly string[]
  /** For `inWords`. */
  readonly message: string
  readonly error: RJSFValidationError
}

function errorsOf(schema: RJSFSchema, value: unknown): Failure[] {
  return judge(schema, value)
    .errors.filter(({ keyword }) => !outer.has(keyword))
    .flatMap(error => (error.keyword === 'required' ? missing(error, schema, value) : [told(error, schema)]))
}

/** One for each key that is missing: the error stands at the object around them. */
function missing({ instanceLocation, keywordLocation }: OutputUnit, schema: RJSFSchema, value: unknown) {
  const keys = (at(schema, keywordLocation) ?? []) as string[]
  const object = (at(value, instanceLocation) ?? {}) as object
  // The validator stops at the first.
  return [...new Set(keys)]
    .filter(key => !Object.hasOwn(object, key))
    .map(key => failure([...steps(instanceLocation), key], 'required', 'forms.valueMissing'))
}

const sentences: Readonly<Record<string, TextKey>> = {
  format: 'forms.wrongFormat',
  enum: 'forms.notAChoice',
  minLength: 'forms.tooShort',
  maxLength: 'forms.tooLong',
  minimum: 'forms.tooSmall',
  maximum: 'forms.tooLarge',
  minItems: 'forms.tooFew',
  maxItems: 'forms.tooMany',
}

/** Of a value that is of another kind than it has to be: what it has to be. */
const kinds = new Map<unknown, TextKey>([
  ['number', 'forms.notANumber'],
  ['integer', 'forms.notAWholeNumber'],
])

function told({ instanceLocation, keyword, keywordLocation }: OutputUnit, schema: RJSFSchema): Failure {
  const limit = at(schema, keywordLocation)
  const sentence = keyword === 'type' ? (kinds.get(limit) ?? 'forms.wrongKind') : sentences[keyword]
  return failure(steps(instanceLocation), keyword, sentence ?? 'forms.doesNotFit', String(limit))
}

function failure(path: readonly string[], name: string, text: TextKey, limit = ''): Failure {
  const message = `${text} ${limit}`
  return { path, message, error: { name, message, stack: message, property: `.${path.join('.')}` } }
}

/** What `validator` found, in the language of now: the form keeps it, and the person may choose another meanwhile. */
export function inWords(message: string): string {
  const [text = '', limit = ''] = message.split(' ', 2)
  return textWith(text as TextKey, { limit })
}

/** The steps of a location such as `#/items/0/price`. */
const steps = (location: string): string[] =>
  location
    .split('/')
    .slice(1)
    .map(step => decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~'))

function at(root: unknown, location: string): unknown {
  return steps(location).reduce<unknown>((value, step) => (value as Record<string, unknown> | undefined)?.[step], root)
}

function withoutPatterns(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withoutPatterns)
  if (typeof schema !== 'object' || schema === null) return schema
  const kept = Object.entries(schema).filter(
    ([name, value]) => !(name === 'pattern' && typeof value === 'string') && name !== 'patternProperties',
  )
  return Object.fromEntries(kept.map(([name, value]) => [name, withoutPatterns(value)]))
}
