/** What a form asks for: an ordered list of fields. Both sides of the bridge know forms by this and nothing else. */

/** A point in time as JSON schema's formats name it (RFC 3339). */
export type DateForm = 'date' | 'date-time' | 'time'

/** What a value looks like. Limits that are left out do not hold. */
export type Shape =
  | {
      readonly kind: 'text'
      /** Characters. */
      readonly minLength?: number
      readonly maxLength?: number
      /** Kept from a pasted schema: `email`, `uri` and their like, and a regular expression. */
      readonly format?: string
      readonly pattern?: string
    }
  | { readonly kind: 'number'; readonly whole: boolean; readonly minimum?: number; readonly maximum?: number }
  | { readonly kind: 'yes-no' }
  | { readonly kind: 'choice'; readonly choices: readonly string[] }
  | { readonly kind: 'date'; readonly form: DateForm }
  | { readonly kind: 'list'; readonly item: Shape; readonly minItems?: number; readonly maxItems?: number }
  | { readonly kind: 'group'; readonly fields: readonly Field[] }
  /** A part of a pasted schema that fields cannot say: kept word for word, its value shown as JSON. */
  | { readonly kind: 'other'; readonly schema: JsonObject }

export type Kind = Shape['kind']

export interface Field {
  /** The property's name in the answer. */
  readonly key: string
  /** What people read instead of the key. */
  readonly title?: string
  /** Tells the model, and the person, what is meant. */
  readonly hint?: string
  /** The model has to give a value, even where the text says nothing of it. */
  readonly required: boolean
  readonly shape: Shape
}

export type Json = string | number | boolean | null | readonly Json[] | JsonObject
export interface JsonObject {
  readonly [key: string]: Json
}

/** Limits both sides keep to: what is larger is no form that a person fills, or reads. */
export const limits = {
  /** Fields of a form, those inside groups and lists counted. */
  fields: 200,
  /** Groups and lists within each other. */
  depth: 6,
  /** Characters of a key or a title. */
  name: 200,
  /** Characters of a hint. */
  hint: 2_000,
  choices: 500,
  /** Characters of a choice. */
  choice: 500,
  /** Characters of the JSON of a part kept word for word. */
  otherSchema: 20_000,
} as const

export const fieldName = ({ key, title }: Pick<Field, 'key' | 'title'>): string => title || key

/** The fields inside a shape, its own first level only. */
export function innerFields(shape: Shape): readonly Field[] {
  if (shape.kind === 'group') return shape.fields
  return shape.kind === 'list' ? innerFields(shape.item) : []
}

/** How many fields there are, those inside others included. */
export const countFields = (fields: readonly Field[]): number =>
  fields.reduce((sum, { shape }) => sum + 1 + countFields(innerFields(shape)), 0)

/** How deep groups and lists lie within each other; 0 for none. */
export function depthOf(fields: readonly Field[]): number {
  return Math.max(0, ...fields.map(({ shape }) => shapeDepth(shape)))
}

function shapeDepth(shape: Shape): number {
  if (shape.kind === 'group') return 1 + depthOf(shape.fields)
  return shape.kind === 'list' ? 1 + shapeDepth(shape.item) : 0
}
