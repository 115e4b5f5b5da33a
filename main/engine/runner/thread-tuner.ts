import { cpus } from 'node:os'

/** Milliseconds since some fixed moment: by the clock, of this process computing, and of all cores idle. */
export interface CpuTimes {
  readonly clock: number
  readonly own: number
  readonly idle: number
}

/** Tells those times. */
export type CpuClock = { readonly [Name in keyof CpuTimes]: () => number }

/**
 * Milliseconds of computing after which the threads are looked at: this process's own time is known to a few
 * milliseconds, that of the machine in hundredths of a second.
 */
const lookAtOwn = 50
const lookAtIdle = 200

/** Cores' worth of time from which another number is tried: what the threads did not get, or what was idle. */
const half = 0.5

/**
 * Milliseconds of a core lost in a row from which fewer threads are tried. A program that starts or collects its
 * garbage takes about half as many once; giving up a thread for that would cost more.
 */
const plainlyLost = 100

/** More threads must take so much less time to stay. */
const better = 0.97

/** Batches another number is tried with, unless it is so much slower that less is plain. */
const trialBatches = 3
const plainlySlower = 1.25

/**
 * Milliseconds of computing until the next trial: at least, and as a multiple of one that failed, which doubles them.
 */
const shortestPause = 200
const longestPause = 32_000
const pauseAfter = 20

/** How batches are judged. */
export interface BatchKind {
  /** By how much the tokens of two batches may differ for their times to be compared, of the tokens. */
  readonly spread: number
  /** Looks in a row in which time was lost, before fewer threads are tried. */
  readonly patience: number
}

/** Batches with a token of each answer in work: only those of as many answers compare. */
const answers: BatchKind = { spread: 1 / 16, patience: 1 }

/**
 * Batches that read prompts: no two are alike, and each thread counts. One that was held up once is no reason to give
 * up a thread, as it would be long before enough was read to take it back.
 */
export const prompts: BatchKind = { spread: 1 / 2, patience: 2 }

/**
 * A number of threads that is being tried: the one before, and the milliseconds a token took with it in batches of so
 * many.
 */
interface Trial {
  readonly from: number
  readonly tokens: number
  readonly tokenTime: number
}

/**
 * How many threads compute. llama.cpp's threads wait for each other by spinning, hundreds of times a token: one that is
 * kept off its core holds up all of them (measured on two cores beside one busy program: a token of the tiny model
 * takes two threads up to half a second, and one thread a millisecond). Spinning threads use all the time they get: so
 * when this process got less, fewer are tried, and more when cores stay idle. What takes less time is kept. The load of
 * the machine alone would not tell: a part of it is main and a client at work on this very answer.
 */
export class ThreadTuner {
  readonly #most: number
  readonly #kind: BatchKind
  readonly #machine: CpuClock
  readonly #look: Look
  #threads: number
  #trial: Trial | undefined
  /** When the time began that is not yet in the look. */
  #since: CpuTimes | undefined
  #begunAt = 0
  /** Milliseconds of computing in all, and when there may be another trial. */
  #computed = 0
  #nextTrial = 0
  #pause = shortestPause
  /** Looks in a row in which time was lost, and milliseconds of a core lost in them. */
  #losses = 0
  #lost = 0

  /**
   * @param most threads when the machine is otherwise idle
   * @param first threads to begin with
   * @param kind of the batches
   */
  constructor(most: number, first = most, kind: BatchKind = answers, machine: CpuClock = systemClock) {
    this.#most = most
    this.#kind = kind
    this.#look = new Look(kind.spread)
    this.#threads = first
    this.#machine = machine
  }

  /** A batch is about to be computed. @returns with how many threads */
  begin(): number {
    this.#since ??= this.#read()
    this.#begunAt = this.#machine.clock()
    return this.#threads
  }

  /** The batch that was begun has been computed. */
  end(tokens: number): void {
    const now = this.#machine.clock()
    this.#look.add(tokens, now - this.#begunAt)
    if (this.#trial) this.#judge(this.#trial)
    else if (this.#look.wall + now - this.#since!.clock >= (this.#mayGrow ? lookAtIdle : lookAtOwn)) this.#decide()
  }

  /** Nothing is computed until the next batch begins: what the machine does meanwhile says nothing of then. */
  rest(): void {
    if (!this.#since) return
    const now = this.#read()
    this.#computed += now.clock - this.#since.clock
    this.#look.addTime(this.#since, now)
    this.#since = undefined
  }

  get #mayGrow(): boolean {
    return this.#threads < this.#most
  }

  /** Finding out what was idle takes a tenth of a millisecond, so it is left out where it does not matter. */
  #read(): CpuTimes {
    const { clock, own, idle } = this.#machine
    return { clock: clock(), own: own(), idle: this.#mayGrow ? idle() : 0 }
  }

  #decide(): void {
    this.rest()
    const { wall, own, idle, tokens, tokenTime } = this.#look
    this.#look.clear()
    const lost = this.#threads - own / wall
    this.#losses = lost >= half ? this.#losses + 1 : 0
    this.#lost = lost >= half ? this.#lost + lost * wall : 0
    if (this.#computed < this.#nextTrial) return
    const isLosing = this.#losses >= this.#kind.patience && this.#lost >= plainlyLost
    const step = isLosing ? -Math.round(lost) || -1 : idle / wall >= half ? Math.floor(idle / wall) || 1 : 0
    const threads = Math.min(this.#most, Math.max(1, this.#threads + step))
    if (threads === this.#threads) return
    this.#trial = { from: this.#threads, tokens, tokenTime }
    this.#threads = threads
    this.#look.clear(tokens)
  }

  /** Without batches alike there is nothing to compare: then fewer threads stay, as there was reason for them. */
  #judge({ from, tokenTime }: Trial): void {
    const { batches, others, tokenTime: now } = this.#look
    const isLess = this.#threads < from
    const isPlain = batches >= trialBatches || now > plainlySlower * tokenTime
    if (isPlain && this.#look.time >= lookAtOwn) {
      if (now < tokenTime * (isLess ? 1 : better)) this.#settle(this.#threads, shortestPause)
      else this.#settle(from, Math.max(2 * this.#pause, pauseAfter * this.#look.time))
    } else if (others >= trialBatches) this.#settle(isLess ? this.#threads : from, this.#pause)
  }

  #settle(threads: number, pause: number): void {
    this.rest()
    this.#look.clear()
    this.#trial = undefined
    this.#losses = 0
    this.#lost = 0
    this.#threads = threads
    this.#pause = Math.min(longestPause, pause)
    this.#nextTrial = this.#computed + this.#pause
  }
}

/** What was seen of a number of threads. */
class Look {
  /** Milliseconds. */
  wall = 0
  own = 0
  idle = 0
  /** Milliseconds and number of the latest batches, of about as many tokens each. */
  time = 0
  batches = 0
  tokens = 0
  /** Tokens of all those batches. */
  #sum = 0
  /** Number of other batches, where those of so many tokens are looked for. */
  others = 0
  #wanted = false
  readonly #spread: number

  constructor(spread: number) {
    this.#spread = spread
  }

  /** Milliseconds, of the latest batches. */
  get tokenTime(): number {
    return this.time / this.#sum
  }

  /** @param tokens of the batches to look for; the latest where not given */
  clear(tokens?: number): void {
    Object.assign(this, { wall: 0, own: 0, idle: 0, time: 0, batches: 0, others: 0, tokens: tokens ?? 0 })
    this.#sum = 0
    this.#wanted = tokens !== undefined
  }

  add(tokens: number, time: number): void {
    const isAlike = Math.abs(tokens - this.tokens) <= this.tokens * this.#spread
    if (this.#wanted && !isAlike) this.others++
    else {
      this.batches = isAlike ? this.batches + 1 : 1
      this.time = isAlike ? this.time + time : time
      this.#sum = isAlike ? this.#sum + tokens : tokens
      if (!this.#wanted) this.tokens = tokens
    }
  }

  addTime(from: CpuTimes, to: CpuTimes): void {
    this.wall += to.clock - from.clock
    this.own += to.own - from.own
    this.idle += to.idle - from.idle
  }
}

/**
 * Threads to begin with, by what the machine has done since `since` apart from this process.
 * @param most when it was idle
 */
export function firstThreads(most: number, since: CpuTimes, now = readCpuTimes()): number {
  const wall = now.clock - since.clock
  if (wall < lookAtIdle) return most
  const free = (now.idle - since.idle + now.own - since.own) / wall
  return Math.min(most, Math.max(1, Math.round(free)))
}

export function readCpuTimes(): CpuTimes {
  return { clock: systemClock.clock(), own: systemClock.own(), idle: systemClock.idle() }
}

const systemClock: CpuClock = {
  clock: () => performance.now(),
  own: () => {
    const { user, system } = process.cpuUsage()
    return (user + system) / 1000
  },
  // A program that was asked to be nice gives way.
  idle: () => cpus().reduce((sum, { times }) => sum + times.idle + times.nice, 0),
}
