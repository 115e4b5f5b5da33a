import type { Message } from '../../../../preload/contract.ts'
import { guessedHeight } from './guessed-height.ts'

/** The rows that are in the page: from one to before another. */
export interface Shown {
  readonly from: number
  readonly to: number
}

/** What of the rows is in sight. Pixels. */
export interface Sight {
  /** Above which everything is out of sight; 0 is the top of the first row. */
  readonly top: number
  readonly height: number
}

/** A row by its index, or the room of those before another that are not in the page, in pixels. */
export type Part = { readonly index: number } | { readonly room: number; readonly before: number }

/**
 * Which messages of a long chat are in the page, and how much room the others take. Rows in the page stand in its flow:
 * one that grows tells nobody, and what is in sight stays where it is by the browser's scroll anchoring. So the only
 * news is that other rows are to be in the page.
 */
export class Rows {
  #messages: readonly Message[] = []
  /** By message: as measured, or as guessed until then. */
  readonly #heights = new Map<string, number>()
  /** Where each row begins, and the end of the last; right up to the row of that index. */
  #offsets: number[] = [0]
  #known = 0
  #sight: Sight
  /**
   * The top as it was last scrolled to; the sizes of what was leapt to are known before the browser tells the next
   * leap.
   */
  #scrolledTo = Number.POSITIVE_INFINITY
  #shown: Shown = { from: 0, to: 0 }
  readonly #listeners = new Set<() => void>()

  /** @param height of what will be in sight, as far as is known: it begins at the end */
  constructor(height: number) {
    this.#sight = { top: Number.POSITIVE_INFINITY, height }
  }

  /** The same object until it changes. */
  readonly shown = (): Shown => this.#shown

  /** Hears when other rows are to be in the page. @returns ends it */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /**
   * Takes the messages as they are now; tells nobody, as whoever draws them asks next.
   * @returns pixels by which the row that was first in the page stands lower
   */
  take(messages: readonly Message[]): number {
    const before = this.#messages
    const same = isSameRows(before, messages)
    const { from, to } = this.#shown
    const places = same ? undefined : new Map(messages.map(({ id }, index) => [id, index]))
    const stays = places ? before.findIndex(({ id }, index) => index >= from && index < to && places.has(id)) : -1
    const was = stays < 0 ? 0 : this.offset(stays)
    this.#messages = messages
    if (!places) return 0
    this.#offsets.length = messages.length + 1
    this.#known = 0
    const moved = stays < 0 ? 0 : this.offset(places.get(before[stays]!.id)!) - was
    this.#sight = { ...this.#sight, top: this.#sight.top + moved }
    this.#scrolledTo += moved
    this.#shown = this.#around(before.length > 0 ? ahead : 0)
    return moved
  }

  /** The height of a message in the page, in pixels. */
  measure(id: string, height: number): void {
    if (this.#heights.get(id) === height) return
    this.#heights.set(id, height)
    // Those in the page are near each other, so this looks at a few.
    const { from, to } = this.#shown
    const index = this.#messages.slice(from, to).findIndex(message => message.id === id)
    this.#known = Math.min(this.#known, index < 0 ? 0 : from + index)
  }

  /** Something else is in sight, by scrolling; what was leapt over is not worth drawing, nor what is beside it. */
  scrolled(sight: Sight): void {
    const leap = Math.abs(sight.top - this.#scrolledTo) > this.#sight.height
    this.#scrolledTo = sight.top
    this.#see(sight, leap ? 0 : ahead)
  }

  /** The rows or the box have other heights. */
  resized(sight: Sight): void {
    this.#see(sight, 0)
  }

  /** Has a message in the page, in the middle of what is to be in sight. @returns whether there is such a message */
  center(id: string): boolean {
    const index = this.#messages.findIndex(message => message.id === id)
    if (index < 0) return false
    const { height } = this.#sight
    this.#see({ top: (this.offset(index) + this.offset(index + 1) - height) / 2, height }, 0)
    return true
  }

  /** The pixel at which a row begins; of the index after the last, where it ends. */
  offset(index: number): number {
    for (; this.#known < index; this.#known += 1) {
      this.#offsets[this.#known + 1] = this.#offsets[this.#known]! + this.#heightOf(this.#messages[this.#known]!)
    }
    return this.#offsets[index]!
  }

  /**
   * What stands below each other: rows in the page, and room.
   * @param kept indexes of rows that stay in the page, ascending
   */
  parts(kept: readonly number[]): Part[] {
    const { from, to } = this.#shown
    const indexes = [...kept.filter(index => index < from), ...range(from, to), ...kept.filter(index => index >= to)]
    const parts: Part[] = []
    let next = 0
    for (const index of [...indexes, this.#messages.length]) {
      if (index > next) parts.push({ room: this.offset(index) - this.offset(next), before: index })
      if (index < this.#messages.length) parts.push({ index })
      next = index + 1
    }
    return parts
  }

  #heightOf(message: Message): number {
    const known = this.#heights.get(message.id)
    if (known !== undefined) return known
    const guessed = guessedHeight(message)
    this.#heights.set(message.id, guessed)
    return guessed
  }

  #see(sight: Sight, ahead: number): void {
    this.#sight = sight
    const due = this.#around(ahead)
    if (due.from >= this.#shown.from && due.to <= this.#shown.to) return
    this.#shown = due
    for (const listener of this.#listeners) listener()
  }

  /** The rows in sight, and those that are less than so many pixels away. */
  #around(ahead: number): Shown {
    const end = this.offset(this.#messages.length)
    const { height } = this.#sight
    const top = Math.max(0, Math.min(this.#sight.top, end - height))
    const from = this.#at(top - ahead)
    return { from, to: Math.min(this.#messages.length, this.#at(top + height + ahead) + 1) }
  }

  /** Index of the row at a pixel. */
  #at(offset: number): number {
    let low = 0
    let high = Math.max(0, this.#messages.length - 1)
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (this.offset(middle) <= offset) low = middle
      else high = middle - 1
    }
    return low
  }
}

/**
 * Pixels out of sight in which rows are in the page while the person scrolls: they are there when they come into it.
 */
const ahead = 300

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, index) => from + index)

function isSameRows(before: readonly Message[], after: readonly Message[]): boolean {
  if (before === after) return true
  if (before.length !== after.length) return false
  // Most are the same objects: in an answer that grows, all but one.
  for (let index = 0; index < before.length; index += 1) {
    if (before[index] !== after[index] && before[index]?.id !== after[index]?.id) return false
  }
  return true
}
