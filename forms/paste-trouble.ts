/** Why no form can be made of what was pasted. */
export type TroubleCode =
  /** Begins like JSON, and is none. */
  | 'broken-json'
  /** Neither JSON, nor a table, nor lines of `name: value`. */
  | 'not-understood'
  | 'too-large'
  /** Describes a single value and not one with fields. */
  | 'no-fields'
  /** Has parts that contain themselves. */
  | 'recursive'
  /** Refers to something that is elsewhere, or nowhere. */
  | 'missing-part'
  | 'too-deep'
  | 'too-many'
  /** A name that is empty, or longer than a name. */
  | 'bad-name'

export class PasteTrouble extends Error {
  override readonly name = 'PasteTrouble'

  /** @param place where in what was pasted, e.g. `#/properties/items`; empty where there is no place to name */
  constructor(
    readonly code: TroubleCode,
    readonly place = '',
  ) {
    super(`${code} ${place}`.trim())
  }
}
