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
  /** Lets time pass with so many cores used by others and by the engine itself. */
  const pass = (milliseconds: number, others: number, own: number) => {
    now += milliseconds
    times = {
      all: times.all + cores * milliseconds,
      busy: times.busy + (others + own) * milliseconds,
      own: times.own + own * milliseconds,
    }
    return share.threads()
  }
  return { share, pass }
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

  it('does not look at the machine with every token', () => {
    const { share, pass } = machine(2, 2)
    pass(600, 0, 0)
    expect(pass(400, 2, 0)).toBe(2)
    expect(share.threads()).toBe(2)
  })
})
