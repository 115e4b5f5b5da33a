/** A model that a person wants made, as the window asks for it. */
export interface MakeOrder {
  /** Its name; empty for one that is only tried, which then gets a name of its own. */
  readonly model: string
  /** A model that is here, or files that were chosen. */
  readonly base: { readonly kind: 'model'; readonly model: string } | { readonly kind: 'files'; readonly token: string }
  /** Token of an adapter's files. */
  readonly adapter: string | null
  /** Token of a projector's file, which goes with files of weights alone; null for none. */
  readonly projector: string | null
  /** Precision the weights are brought to; null leaves them as they are. */
  readonly quantize: string | null
  /** Empty leaves what the base has; so do no messages, and parameters that are not named. */
  readonly system: string
  readonly template: string
  readonly license: string
  readonly parameters: Readonly<Record<string, unknown>>
  readonly messages: readonly { readonly role: 'system' | 'user' | 'assistant'; readonly content: string }[]
}
