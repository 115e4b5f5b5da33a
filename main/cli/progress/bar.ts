import stringWidth from 'string-width'
import { humanBytes } from '../human.ts'
import { printableLine } from '../printable.ts'
import { pad } from '../table.ts'
import { Rate } from './rate.ts'

/** Columns of the sizes, the rate and the time left, so that bars stand below each other and do not jump. */
const sizesWidth = 15
const rateWidth = 9
const leftWidth = 7

/** Columns below which a bar says nothing. */
const shortestBar = 5

/** How far one thing of a known size is. Sizes are in bytes, times in milliseconds. */
export class Bar {
  readonly #message: string
  readonly #rate = new Rate()
  #completed: number

  constructor(
    message: string,
    readonly total: number,
    /** What was there when the work began does not count as fetched. */
    completed: number,
    now: number,
  ) {
    this.#message = printableLine(message)
    this.#completed = completed
    this.#rate.add(completed, now)
  }

  set(completed: number, now: number): void {
    this.#completed = Math.min(completed, this.total)
    this.#rate.add(this.#completed, now)
  }

  get done(): boolean {
    return this.#completed >= this.total
  }

  /** `pulling 8934d96d3f08:  45% ▕███   ▏ 1.2 GB/2.6 GB   12 MB/s   1m2s`, or of it what the columns have room for. */
  line(columns: number): string {
    const fraction = this.total > 0 ? this.#completed / this.total : 1
    const head = `${this.#message}: ${String(Math.floor(fraction * 100)).padStart(3)}%`
    for (const tail of this.#tails()) {
      const length = columns - stringWidth(head) - stringWidth(tail) - 3
      if (length < shortestBar) continue
      const filled = Math.round(length * fraction)
      return `${head} ▕${'█'.repeat(filled)}${' '.repeat(length - filled)}▏${tail}`.trimEnd()
    }
    return head
  }

  /** In a pipe: once, at the end. */
  get plain(): string {
    return `${this.#message}: 100% ${humanBytes(this.total)}`
  }

  /** From all that can be told to nothing. */
  #tails(): string[] {
    const total = humanBytes(this.total)
    const sizes = ` ${pad(this.done ? total : `${humanBytes(this.#completed)}/${total}`, sizesWidth)}`
    const rate = this.done ? undefined : this.#rate.bytesPerSecond
    const speed = rate === undefined ? '' : `${humanBytes(rate)}/s`
    const left = rate === undefined ? '' : clock((this.total - this.#completed) / rate)
    return [`${sizes} ${speed.padStart(rateWidth)} ${left.padStart(leftWidth)}`, sizes, '']
  }
}

/** Seconds as `3h4m`, `5m7s`, `9s`. */
export function clock(duration: number): string {
  const seconds = Math.ceil(duration)
  const minutes = Math.floor(seconds / 60)
  const hours = Math.floor(minutes / 60)
  if (hours > 99) return '99h+'
  if (hours > 0) return `${hours}h${minutes % 60}m`
  return minutes > 0 ? `${minutes}m${seconds % 60}s` : `${seconds}s`
}
