import type { Portion } from '../../threads/portions.ts'

/** What has to be known of a body before its bytes. */
export interface BodyHead {
  /** Of its endpoint. */
  readonly path: string
  /** It is compressed. */
  readonly zstd: boolean
  /** Empty when there is none. */
  readonly contentType: string
}

/** What main tells the thread of one body. */
export type ToBodyThread =
  | ({ readonly type: 'begin' } & BodyHead)
  | { readonly type: 'chunk'; readonly bytes: Uint8Array }
  /** All chunks were told: read the body and tell its first portion. */
  | { readonly type: 'end' }
  /** The last portion was taken. */
  | { readonly type: 'more' }
  /** Nobody wants it any more. */
  | { readonly type: 'drop' }

/** What the thread answers to `end` and `more`: a portion, or nothing when all were told. */
export type FromBodyThread = Portion | undefined
