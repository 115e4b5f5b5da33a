/** A chat template that does not parse, fails while it runs, or raises an exception of its own. */
export class JinjaError extends Error {
  override readonly name = 'JinjaError'
}
