import { describe, expect, it } from 'vitest'
import { type BatchKind, firstThreads, prompts, ThreadTuner } from '../../../../main/engine/runner/thread-tuner.ts'

/** What a batch takes with so many threads, and how the machine's cores are used meanwhile. */
interface Moment {
  /** Milliseconds of a batch. */
  readonly time: (threads: number) => number
  /** Cores that others keep busy. */
  readonly others: number
}

/** Two cores or more, whose clock the test turns by computing. */
function machine(cores: number, first = cores, kind?: BatchKind) {
  const now = { clock: 0, own: 0, idle: 0 }
  const tuner = new ThreadTuner(cores, first, kind, {
    clock: () => now.clock,
    own: () => now.own,
    idle: () => now.idle,
  })
  const used: number[] = []
  const compute = ({ time, others }: Moment, milliseconds: number, tokens = 1) => {
    for (const until = now.clock + milliseconds; now.clock < until; ) {
      const threads = tuner.begin()
      const own = Math.min(threads, cores - others)
      const passed = time(threads)
      now.clock += passed
      now.own += own * passed
      now.idle += Math.max(0, cores - own - others) * passed
      tuner.end(tokens)
      used.push(threads)
    }
    return used.at(-1)!
  }
  const rest = (milliseconds: number, others: number) => {
    tuner.rest()
    now.clock += milliseconds
    now.idle += (cores - others) * milliseconds
  }
  return { tuner, compute, rest, used, now }
}

/** Threads share the work, but wait for each other many times where one of them has no core. */
const spinning = (cores: number, others: number) => (threads: number) =>
  threads > cores - others ? 500 : 10 / threads + 0.1 * threads
const quiet: Moment = { others: 0, time: spinning(2, 0) }
const busy: Moment = { others: 1, time: spinning(2, 1) }

describe('ThreadTuner', () => {
  it('stays with all threads on an idle machine, without trying others', () => {
    const { compute, used } = machine(2)
    compute(quiet, 10_000)
    expect(new Set(used)).toEqual(new Set([2]))
  })

  it('leaves a core to a busy program after a single batch, and does not take it back as long as it is busy', () => {
    const { compute, used } = machine(2)
    compute(busy, 60_000)
    expect(used.filter(threads => threads === 2)).toHaveLength(1)
  })

  it('takes the core back when the other program ends', () => {
    const { compute } = machine(2)
    compute(busy, 3000)
    expect(compute(quiet, 1500)).toBe(2)
  })

  it('leaves as many cores as others keep busy, of many', () => {
    const { compute } = machine(8)
    const others = 3
    expect(compute({ others, time: spinning(8, others) }, 5000)).toBe(5)
    expect(compute({ others: 0, time: spinning(8, 0) }, 5000)).toBe(8)
  })

  it('goes by what takes less time, not by the load: here two threads are quicker though half a core is gone', () => {
    const { compute, used } = machine(2)
    const client: Moment = { others: 0.6, time: threads => (threads === 2 ? 7 : 10) }
    expect(compute(client, 20_000)).toBe(2)
    // Each trial that fails makes the next one rarer.
    expect(used.filter(threads => threads === 1).length / used.length).toBeLessThan(0.03)
  })

  it('takes one thread where that is quicker though half a core stays idle', () => {
    const { compute, used } = machine(2)
    const client: Moment = { others: 0.5, time: threads => (threads === 2 ? 0.8 : 0.5) }
    expect(compute(client, 20_000)).toBe(1)
    expect(used.filter(threads => threads === 2).length / used.length).toBeLessThan(0.05)
  })

  it('ends a trial of more threads with its first batch when that is plainly slower', () => {
    const { compute, used } = machine(2, 1)
    // Idle by the machine's count, but not for this process: a container's share, say.
    compute({ others: 0, time: threads => (threads === 2 ? 500 : 10) }, 1500)
    expect(used.filter(threads => threads === 2)).toHaveLength(1)
  })

  it('ends a trial of fewer threads with its first batch of a prompt when that is plainly slower', () => {
    const { compute, used } = machine(2)
    compute({ others: 0.6, time: threads => (threads === 2 ? 700 : 1200) }, 20_000, 512)
    expect(used.filter(threads => threads === 1)).toHaveLength(1)
  })

  it('learns from many short answers what it would learn from a long one', () => {
    const { compute, rest, used } = machine(2)
    for (let answer = 0; answer < 20; answer++) {
      compute({ others: 1, time: threads => (threads === 2 ? 20 : 10) }, 20)
      rest(1000, 0)
    }
    expect(used.at(-1)).toBe(1)
  })

  it('does not hold against now what others did between two answers', () => {
    const { compute, rest, used } = machine(2)
    compute(quiet, 600)
    rest(5000, 2)
    compute(quiet, 600)
    expect(new Set(used)).toEqual(new Set([2]))
  })

  it('does not give up a thread because another program took its core for a moment', () => {
    const { compute, used } = machine(2)
    const batch = (time: number): Moment => ({ others: 0, time: threads => (threads === 2 ? time : 42) })
    compute(batch(25), 500, 4)
    // A token of four answers, of which one thread had no core for 60 milliseconds.
    compute({ ...batch(85), others: 60 / 85 }, 85, 4)
    compute(batch(25), 3000, 4)
    expect(new Set(used)).toEqual(new Set([2]))
  })

  it('takes a thread back soon that it gave up for a moment that was longer', () => {
    const { compute, used } = machine(2)
    const batch: Moment = { others: 0, time: threads => (threads === 2 ? 25 : 42) }
    compute(batch, 500, 4)
    compute({ others: 1, time: () => 150 }, 150, 4)
    compute(batch, 3000, 4)
    expect(used.at(-1)).toBe(2)
    expect(used.filter(threads => threads === 1).length).toBeLessThan(10)
  })

  it('does not give up a thread because one prompt was held up once', () => {
    const { compute, used } = machine(2, 2, prompts)
    compute(quiet, 200, 20)
    // One batch that waited for a core, as the whole process did.
    compute({ others: 1.9, time: () => 282 }, 282, 20)
    compute(quiet, 5000, 24)
    expect(new Set(used)).toEqual(new Set([2]))
  })

  it('leaves a core to a busy program after two prompts, whatever their lengths, and takes it back', () => {
    const { compute, used } = machine(2, 2, prompts)
    const lengths = [20, 24, 29, 22, 18]
    for (let turn = 0; turn < 40; turn++) {
      const length = lengths[turn % lengths.length]!
      compute({ others: 1, time: threads => length * (threads === 2 ? 10 : 3) }, 1, length)
    }
    expect(used.filter(threads => threads === 2)).toHaveLength(2)
    for (let turn = 0; turn < 40; turn++) {
      const length = lengths[turn % lengths.length]!
      compute({ others: 0, time: threads => length * (threads === 2 ? 1.5 : 3) }, 1, length)
    }
    expect(used.at(-1)).toBe(2)
  })

  it('does not compare single tokens with prompts', () => {
    const { compute } = machine(2, 1)
    compute(quiet, 205)
    // The trial of two threads begins, and all that comes is a prompt.
    compute({ others: 0, time: () => 5000 }, 20_000, 512)
    expect(compute(quiet, 1500)).toBe(2)
  })
})

describe('firstThreads', () => {
  const since = { clock: 0, own: 0, idle: 0 }

  it('leaves the cores that others kept busy while the model was loaded', () => {
    expect(firstThreads(2, since, { clock: 1000, own: 700, idle: 300 })).toBe(1)
    expect(firstThreads(8, since, { clock: 1000, own: 1000, idle: 5000 })).toBe(6)
  })

  it('does not count the loading itself, and never begins with none or more than are allowed', () => {
    expect(firstThreads(2, since, { clock: 1000, own: 900, idle: 1000 })).toBe(2)
    expect(firstThreads(2, since, { clock: 1000, own: 0, idle: 0 })).toBe(1)
    expect(firstThreads(4, since, { clock: 1000, own: 0, idle: 8000 })).toBe(4)
  })

  it('draws no conclusion from a moment', () => {
    expect(firstThreads(2, since, { clock: 30, own: 0, idle: 0 })).toBe(2)
  })
})
