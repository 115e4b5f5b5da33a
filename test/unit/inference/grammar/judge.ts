import { Ajv } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import { grammarFor } from '../../../../main/inference/grammar/format.ts'
import { Problem } from '../../../../main/problem.ts'
import { type Case, cases } from './cases.ts'

/**
 * An independent judge of answers.
 * @param draft7 its tuples, which 2020-12 spells otherwise
 */
export function validatorOf(schema: object, draft7 = false): (value: unknown) => boolean {
  const options = { strict: false, multipleOfPrecision: 6, ownProperties: true, logger: false } as const
  const ajv = draft7 ? new Ajv(options) : new Ajv2020(options)
  formats.default(ajv)
  ajv.addFormat('uuid4', /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[\da-f]{4}-[\da-f]{12}$/i)
  return ajv.compile(schema)
}

/**
 * Draft 4's bounds, an `$id` without a base, a prototype's name, a tuple that is none, a list of names: not for the
 * judge.
 */
const unjudged = [
  'exclusive bounds of draft 4',
  '$id of a part',
  'property __proto__',
  'one schema as prefixItems',
  'a name twice in required',
]

export const judgedCases: readonly (Case & { readonly isValid: () => (value: unknown) => boolean })[] = cases
  .filter(({ name }) => !unjudged.includes(name))
  .map(one => ({ ...one, isValid: () => validatorOf(one.schema as object, one.name.includes('draft 7')) }))

/** A refusal in good order; any other error is a failure. */
export function grammarOrProblem(schema: object): string | undefined {
  try {
    return grammarFor(schema)
  } catch (error) {
    if (error instanceof Problem) return undefined
    throw error
  }
}
