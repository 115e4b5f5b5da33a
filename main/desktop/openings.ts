import type { ChosenFiles, Opening } from '../../preload/contract.ts'
import { problemInfo } from '../bridge/problem-info.ts'
import { asProblem } from '../problem.ts'
import type { HandedOver } from './handed-over.ts'
import { parseLink } from './link.ts'

/** More than this at once was not clicked by a person. */
const most = 10

/** What was handed over and no window has taken yet: at a cold start there is none. */
export class Openings {
  readonly #look: (path: string) => Promise<ChosenFiles>
  #waiting: HandedOver[] = []
  #count = 0

  /** @param look at a model's file; rejects with a Problem */
  constructor(look: (path: string) => Promise<ChosenFiles>) {
    this.#look = look
  }

  /** @returns where the window that is to take them has to go; undefined when there is nothing */
  add(things: readonly HandedOver[]): string | undefined {
    this.#waiting = [...this.#waiting, ...things].slice(0, most)
    // Counted, as an address has to change for a window to follow it.
    return this.#waiting.length === 0 ? undefined : `#/open/${++this.#count}`
  }

  /** What waits, in the order it came; it waits no longer. */
  async take(): Promise<Opening[]> {
    const taken = this.#waiting
    this.#waiting = []
    return (await Promise.all(taken.map(thing => this.#opening(thing)))).filter(opening => opening !== undefined)
  }

  async #opening(thing: HandedOver): Promise<Opening | undefined> {
    if (thing.kind === 'link') {
      const link = parseLink(thing.text)
      if (link === undefined) return { kind: 'unknown-link' }
      return link.kind === 'window' ? undefined : link
    }
    try {
      return { kind: 'file', files: await this.#look(thing.path) }
    } catch (error) {
      return { kind: 'unusable-file', problem: problemInfo(asProblem(error)) }
    }
  }
}
