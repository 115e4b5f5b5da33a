/** What a command ends with when it cannot do what was asked: one line for the person, exit code 1. */
export class CommandError extends Error {
  override readonly name: string = 'CommandError'
}
