import { describe, expect, it } from 'vitest'
import { CpuShare, type CpuTimes } from '../../../../main/engine/runner/cpu-share.ts'

/** A machine whose clock and load the test turns by hand. */
function machine(cores: number, most: number) {
  let now = 0
  let times: CpuTimes = { all: 0, busy: 0, own: 0 }
  const share = new CpuShare(
    most,
    times,
    cores,
    () => times,
    () => now,
  )
  const turn = (milliseconds: number, others: number, own: number) => {
    now += milliseconds
    times = {
      all: times.all + cores * milliseconds,
      busy: times.busy + (others + own) * milliseconds,
      own: times.own + own * milliseconds,
    }
  }
  /** Lets time pass with so many cores used by others and by the engine itself. */
  const pass = (milliseconds: number, others: number, own: number) => {
    turn(milliseconds, others, own)
    return share.threads()
  }
  /** Lets time pass in which the engine has nothing to do. */
  const rest = (milliseconds: number, others: number) => {
    share.rest()
    turn(milliseconds, others, 0)
    share.threads()
  }
  return { share, pass, rest }
}

describe('CpuShare', () => {
  it('uses all it may on an idle machine, its own spinning threads not counted as a foreign load', () => {
    const { pass } = machine(8, 8)
    expect(pass(600, 0, 0)).toBe(8)
    expect(pass(600, 0.2, 7.8)).toBe(8)
  })

  it('leaves a core to one busy program, also while the two fight for it', () => {
    const { pass } = machine(2, 2)
    expect(pass(600, 2 / 3, 4 / 3)).toBe(1)
    expect(pass(600, 1, 1)).toBe(1)
  })

  it('takes the core back when the other program ends', () => {
    const { pass } = machine(2, 2)
    pass(600, 1, 1)
    expect(pass(600, 0.05, 1)).toBe(2)
  })

  it('does not give a core away for the window that draws the answer', () => {
    const { pass } = machine(2, 2)
    expect(pass(600, 0.4, 1.6)).toBe(2)
  })

  it('never goes below one thread nor above what was allowed', () => {
    expect(machine(4, 4).pass(600, 4, 0)).toBe(1)
    expect(machine(16, 8).pass(600, 1, 0)).toBe(8)
  })

  it('knows at its first question what has been busy since the model began to load', () => {
    expect(machine(2, 2).pass(300, 1, 0.5)).toBe(1)
  })

  it('draws no conclusion from a moment', () => {
    expect(machine(2, 2).pass(30, 2, 0)).toBe(2)
  })

  it('does not hold against now what others did between two answers', () => {
    const { share, pass, rest } = machine(2, 2)
    pass(600, 0, 1)
    rest(5000, 2)
    expect(share.threads()).toBe(2)
    expect(pass(600, 0.1, 1.9)).toBe(2)
  })

  it('sees in many short answers what it would see in a long one', () => {
    const { pass, rest } = machine(2, 2)
    pass(600, 1, 1)
    const seen = Array.from({ length: 10 }, () => {
      rest(1000, 1)
      return pass(100, 0, 1)
    })
    expect(seen.at(-1)).toBe(2)
  })

  it('does not look at the machine with every token', () => {
    const { share, pass } = machine(2, 2)
    pass(600, 0, 0)
    expect(pass(400, 2, 0)).toBe(2)
    expect(share.threads()).toBe(2)
  })
})
