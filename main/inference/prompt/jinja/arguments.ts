import { JinjaError } from './error.ts'
import type { CallArguments, Value } from './values.ts'

/**
 * Arguments by the names of the parameters they are for, as Python binds them.
 * @throws JinjaError for one too many or one that nobody knows
 */
export function bind(name: string, { positional, named }: CallArguments, parameters: readonly string[]) {
  if (positional.length > parameters.length) {
    throw new JinjaError(
      `${name}() takes ${parameters.length} positional arguments but ${positional.length} were given`,
    )
  }
  const bound = new Map<string, Value>()
  for (const [index, value] of positional.entries()) bound.set(parameters[index]!, value)
  for (const [key, value] of named) {
    if (!parameters.includes(key)) throw new JinjaError(`${name}() got an unexpected keyword argument '${key}'`)
    if (bound.has(key)) throw new JinjaError(`${name}() got multiple values for argument '${key}'`)
    bound.set(key, value)
  }
  return {
    /** The argument, or undefined when it was not given. */
    optional: (parameter: string): Value | undefined => bound.get(parameter),
    /** @throws JinjaError when it was not given */
    required(parameter: string): Value {
      const value = bound.get(parameter)
      if (value === undefined) throw new JinjaError(`${name}() missing required argument: '${parameter}'`)
      return value
    },
  }
}
