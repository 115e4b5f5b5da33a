import type { en } from './en.ts'

/** English has a singular and a plural; a language without the difference writes only the `_other` form. */
export type WithoutSingular<T> = {
  [K in keyof T as K extends `${string}_one` ? never : K]: T[K] extends string ? string : WithoutSingular<T[K]>
}

/** The shape a language without grammatical number must fill: a missing or an extra key fails the type check. */
export type Texts = WithoutSingular<typeof en>

type Paths<T, Prefix extends string = ''> = {
  [K in keyof T & string]: T[K] extends string ? `${Prefix}${K}` : Paths<T[K], `${Prefix}${K}.`>
}[keyof T & string]

/** The name of a text, e.g. `chat.send`. */
export type TextKey = Paths<Texts>
