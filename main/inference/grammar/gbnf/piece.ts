import type { CodePoints } from '../language/code-points.ts'

/** One symbol of a rule, in the terms of llama.cpp's GBNF (grammars/README.md). */
export type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'chars'; readonly set: CodePoints }
  | { readonly kind: 'rule'; readonly name: string }
  | { readonly kind: 'repeat'; readonly of: Piece; readonly min: number; readonly max: number }

export type RulePiece = Extract<Piece, { kind: 'rule' }>

/** Symbols in a row. */
export type Alternative = readonly Piece[]

export const text = (value: string): Piece => ({ kind: 'text', text: value })
export const chars = (...set: (readonly [number, number])[]): Piece => ({ kind: 'chars', set })
export const rule = (name: string): RulePiece => ({ kind: 'rule', name })
