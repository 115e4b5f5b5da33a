import type { CallName, CallOutput, Calls } from '../../preload/contract.ts'

type Input<N extends CallName> = ReturnType<Calls[N]['input']['parse']>

export type CallHandlers = { readonly [N in CallName]: (input: Input<N>) => CallOutput<N> | Promise<CallOutput<N>> }
