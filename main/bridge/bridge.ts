import type { z } from 'zod'
import { type ChosenFiles, calls, streams } from '../../preload/contract.ts'
import { nothing } from '../../preload/contract-parts.ts'
import { asProblem, Problem } from '../problem.ts'
import { callHandlers } from './calls.ts'
import type { BridgeServices } from './services.ts'
import type { OpenStream, Outlet } from './stream.ts'
import { streamOpeners } from './streams.ts'

/** The contract, served. Knows nothing of Electron: names and inputs come in as a window sent them, so as anything. */
export interface Bridge {
  /** @throws Problem `invalid-request` for an unknown name or an input that breaks its schema, else the call's own */
  call(name: unknown, input: unknown): Promise<unknown>
  /**
   * Looks at a file that the person dropped on the window; its path comes from preload.
   * @throws Problem as `call` does
   */
  offer(path: unknown): Promise<ChosenFiles>
  /** @throws Problem as `call` does */
  subscribe(name: unknown, input: unknown, outlet: Outlet<unknown>): OpenStream
}

export function createBridge(services: BridgeServices): Bridge {
  const handlers = callHandlers(services)
  const openers = streamOpeners(services)
  return {
    async call(name, input) {
      const known = knownName(calls, name)
      const checked = check(calls[known].input, input, known)
      try {
        // The table's types tie each name to its input; TypeScript cannot follow that through a variable name.
        const answer = await (handlers[known] as (input: unknown) => unknown)(checked)
        return calls[known].output === nothing ? {} : answer
      } catch (error) {
        throw asProblem(error)
      }
    },

    async offer(path) {
      if (typeof path !== 'string' || path === '') {
        throw new Problem('file-unreadable', 400, 'what was dropped is no file on this computer')
      }
      try {
        return await services.makings.choices.offer(path)
      } catch (error) {
        throw asProblem(error)
      }
    },

    subscribe(name, input, outlet) {
      const known = knownName(streams, name)
      const checked = check(streams[known].input, input, known)
      return (openers[known] as (input: unknown, outlet: Outlet<unknown>) => OpenStream)(checked, outlet)
    },
  }
}

/** Own names only: `constructor` and its like are in every table. */
function knownName<T extends object>(table: T, name: unknown): keyof T & string {
  if (typeof name === 'string' && Object.hasOwn(table, name)) return name as keyof T & string
  throw new Problem('invalid-request', 400, `unknown name: ${String(name).slice(0, 100)}`)
}

/** @returns the input as the schema reads it: unknown fields left out, defaults filled in */
function check<S extends z.ZodType>(schema: S, input: unknown, name: string): z.output<S> {
  const result = schema.safeParse(input)
  if (result.success) return result.data
  const issues = result.error.issues.map(issue => [...issue.path.map(String), issue.message].join(': '))
  throw new Problem('invalid-request', 400, `${name}: ${issues.join('; ')}`)
}
