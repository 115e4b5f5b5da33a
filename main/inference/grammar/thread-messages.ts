import type { Problem } from '../../problem.ts'

export interface ToGrammarThread {
  readonly id: number
  readonly schema: object
}

export type FromGrammarThread =
  | { readonly id: number; readonly grammar: string }
  | { readonly id: number; readonly problem: Pick<Problem, 'code' | 'status' | 'message'> }
