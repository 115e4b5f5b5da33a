import { cpus } from 'node:os'

/** Milliseconds since some fixed moment: of all cores together, of them not idle, and of this process. */
export interface CpuTimes {
  readonly all: number
  readonly busy: number
  readonly own: number
}

/** Milliseconds between two looks at the machine. */
const interval = 500

/** Fewest milliseconds between two looks that are compared. */
const least = 200

/**
 * How many threads may compute at the moment. llama.cpp's threads wait for each other by spinning, many times a token:
 * one that another program keeps off its core holds up all of them (measured on two cores beside one busy program: two
 * threads 16 ms a token and up to 150, one thread 10). So a core that others use is left to them.
 */
export class CpuShare {
  readonly #most: number
  readonly #cores: number
  readonly #read: () => CpuTimes
  readonly #now: () => number
  #last: CpuTimes
  #lookedAt = Number.NEGATIVE_INFINITY
  #rest: { readonly times: CpuTimes; readonly at: number } | undefined
  #threads: number

  /**
   * @param most threads when the machine is otherwise idle
   * @param since what the machine had done some time ago: with it, the first question finds out what is busy
   */
  constructor(
    most: number,
    since: CpuTimes,
    cores = cpus().length,
    read = readCpuTimes,
    now: () => number = () => performance.now(),
  ) {
    this.#most = most
    this.#last = since
    this.#cores = Math.max(1, cores)
    this.#read = read
    this.#now = now
    this.#threads = most
  }

  /** Nothing is computed until threads are asked for again: what others do meanwhile says nothing of then. */
  rest(): void {
    if (this.#lookedAt === Number.NEGATIVE_INFINITY) return
    this.#rest ??= { times: this.#read(), at: this.#now() }
  }

  threads(): number {
    this.#resume()
    const now = this.#now()
    if (now - this.#lookedAt >= interval) {
      this.#lookedAt = now
      this.#look(this.#read())
    }
    return this.#threads
  }

  /** Takes a rest out of the time that is looked at. */
  #resume(): void {
    if (!this.#rest) return
    const { times, at } = this.#rest
    const { all, busy, own } = this.#read()
    this.#last = {
      all: this.#last.all + all - times.all,
      busy: this.#last.busy + busy - times.busy,
      own: this.#last.own + own - times.own,
    }
    this.#lookedAt += this.#now() - at
    this.#rest = undefined
  }

  /** Times that are too close tell nothing: the system counts them in hundredths of a second. */
  #look(times: CpuTimes): void {
    const wall = (times.all - this.#last.all) / this.#cores
    if (wall < least) return
    this.#threads = this.#idleThreads(times, wall)
    this.#last = times
  }

  #idleThreads(times: CpuTimes, wall: number): number {
    const others = Math.max(0, times.busy - this.#last.busy - (times.own - this.#last.own)) / wall
    // Two spinning threads and one busy program on two cores share them as 4/3 and 2/3: that still counts as a whole
    // core taken, while the window drawing this very answer (a third of a core) does not.
    const free = Math.floor(this.#cores - others + 0.45)
    return Math.min(this.#most, Math.max(1, free))
  }
}

export function readCpuTimes(): CpuTimes {
  let all = 0
  let idle = 0
  for (const { times } of cpus()) {
    all += times.user + times.nice + times.sys + times.idle + times.irq
    idle += times.idle
  }
  const { user, system } = process.cpuUsage()
  return { all, busy: all - idle, own: (user + system) / 1000 }
}
