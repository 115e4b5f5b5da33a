import { goBool, goQuote } from '../go/text.ts'
import { CommandError } from './command-error.ts'

/** A flag with a long name, as far as reading the words needs to know it. */
export interface FlagShape {
  /** `verbose`. */
  readonly name: string
  /**
   * `switch` takes no value, or one behind `=`; `level` none, meaning true, or one behind `=`; `value` the next word.
   */
  readonly takes: 'switch' | 'level' | 'value'
}

/**
 * Words in the form Go's flags have (spf13/pflag, which Ollama uses) as words for a parser that knows switches and
 * values alone: `--verbose=false` is left out, `--think` becomes `--think=true`, so that it never eats the prompt.
 * @throws CommandError for `--verbose=maybe`
 */
export function plainFlags(words: readonly string[], flags: readonly FlagShape[]): string[] {
  const plain: string[] = []
  for (const [index, word] of words.entries()) {
    if (word === '--') return [...plain, ...words.slice(index)]
    const [, name, value] = /^--([^=]+)(?:=(.*))?$/s.exec(word) ?? []
    const flag = flags.find(flag => flag.name === name)
    if (flag?.takes === 'level' && value === undefined) plain.push(`${word}=true`)
    else if (flag?.takes === 'switch' && value !== undefined) {
      const on = goBool(value)
      if (on === undefined) {
        throw new CommandError(
          `invalid argument ${goQuote(value)} for "--${name}" flag: strconv.ParseBool: parsing ${goQuote(value)}: invalid syntax`,
        )
      }
      if (on) plain.push(`--${name}`)
    } else plain.push(word)
  }
  return plain
}
