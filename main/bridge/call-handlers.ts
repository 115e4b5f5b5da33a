import type { CallName, CallOutput, Calls } from '../../preload/contract.ts'

type Input<N extends CallName> = ReturnType<Calls[N]['input']['parse']>

/** One that the contract promises no answer of gives none; the bridge says that it was done. */
type Handler<N extends CallName> =
  CallOutput<N> extends Record<string, never>
    ? (input: Input<N>) => void | Promise<void>
    : (input: Input<N>) => CallOutput<N> | Promise<CallOutput<N>>

export type CallHandlers = { readonly [N in CallName]: Handler<N> }
