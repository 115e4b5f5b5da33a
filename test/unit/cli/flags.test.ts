import { describe, expect, it } from 'vitest'
import { type FlagShape, plainFlags } from '../../../main/cli/flags.ts'

const flags: FlagShape[] = [
  { name: 'verbose', takes: 'switch' },
  { name: 'think', takes: 'level' },
  { name: 'format', takes: 'value' },
]

describe('plainFlags', () => {
  it.each([
    ['run m --verbose hi', 'run m --verbose hi'],
    ['run m --verbose=true hi', 'run m --verbose hi'],
    ['run m --verbose=0 hi', 'run m hi'],
    // The prompt would be taken for the level.
    ['run m --think hi', 'run m --think=true hi'],
    ['run m --think=low hi', 'run m --think=low hi'],
    ['run m --format json', 'run m --format json'],
    ['run m -- --think --verbose=0', 'run m -- --think --verbose=0'],
    ['run m --other=1', 'run m --other=1'],
  ])('%s', (words, plain) => expect(plainFlags(words.split(' '), flags).join(' ')).toBe(plain))

  it('refuses a switch that is neither on nor off', () => {
    expect(() => plainFlags(['--verbose=maybe'], flags)).toThrow(
      'invalid argument "maybe" for "--verbose" flag: strconv.ParseBool: parsing "maybe": invalid syntax',
    )
  })
})
