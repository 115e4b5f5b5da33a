import { describe, expect, test } from 'vitest'
import { creditEvents, PullStream, type Watch, WatchStream } from '../../../main/bridge/stream.ts'

/** A source of numbers that knows who listens. */
class Source {
  readonly listeners = new Set<(event: string) => void>()
  watched = 0

  readonly watch: Watch<string> = listener => {
    this.watched += 1
    this.listeners.add(listener)
    listener(`all ${this.watched}`)
    return () => void this.listeners.delete(listener)
  }

  tell(event: string): void {
    for (const listener of [...this.listeners]) listener(event)
  }
}

function outlet() {
  const events: string[] = []
  return {
    events,
    ended: 0,
    emit: (event: string) => void events.push(event),
    end() {
      this.ended += 1
    },
  }
}

const settled = () => new Promise(resolve => setImmediate(resolve))

describe('a watch', () => {
  // A window that is blocked for minutes must not make main's memory grow with every token.
  test('of a window that takes nothing is let go after so many events', () => {
    const source = new Source()
    const out = outlet()
    new WatchStream(source.watch, out)
    for (let token = 0; token < 100_000; token += 1) source.tell(`delta ${token}`)
    expect(out.events).toHaveLength(creditEvents)
    expect(source.listeners.size).toBe(0)
  })

  test('starts again with its whole picture once the window has caught up', () => {
    const source = new Source()
    const out = outlet()
    const stream = new WatchStream(source.watch, out)
    for (let token = 0; token < 1000; token += 1) source.tell(`delta ${token}`)
    for (let taken = 0; taken < creditEvents; taken += 1) stream.acknowledge()
    expect(out.events.slice(creditEvents)).toEqual(['all 2'])
    source.tell('delta after')
    expect(out.events.at(-1)).toBe('delta after')
  })

  test('of a window that keeps up loses nothing and never starts again', () => {
    const source = new Source()
    const out = outlet()
    const stream = new WatchStream(source.watch, out)
    for (let token = 0; token < 1000; token += 1) {
      source.tell(`delta ${token}`)
      stream.acknowledge()
    }
    expect(out.events).toHaveLength(1001)
    expect(source.watched).toBe(1)
  })

  test('that ended tells nothing more, not even when late acknowledgements come', () => {
    const source = new Source()
    const out = outlet()
    const stream = new WatchStream(source.watch, out)
    for (let token = 0; token < 1000; token += 1) source.tell(`delta ${token}`)
    stream.end()
    for (let taken = 0; taken < creditEvents; taken += 1) stream.acknowledge()
    expect(source.listeners.size).toBe(0)
    expect(source.watched).toBe(1)
  })

  // Its stop function is not known yet when the first events come.
  test('that tells too much at once, before it can be stopped, is stopped all the same', () => {
    let stopped = 0
    const out = outlet()
    new WatchStream<string>(listener => {
      for (let event = 0; event < 1000; event += 1) listener(`${event}`)
      return () => {
        stopped += 1
      }
    }, out)
    expect(out.events).toHaveLength(creditEvents)
    expect(stopped).toBe(1)
  })
})

describe('an exchange', () => {
  test('is held up at its source while the window takes nothing, and loses nothing', async () => {
    let made = 0
    const out = outlet()
    const stream = new PullStream(async function* () {
      for (; made < 1000; ) {
        made += 1
        yield `chunk ${made}`
      }
    }, out)
    await settled()
    expect(made).toBe(creditEvents)
    for (let taken = 0; taken < 1000; taken += 1) {
      stream.acknowledge()
      await settled()
    }
    expect(out.events).toEqual(Array.from({ length: 1000 }, (_, index) => `chunk ${index + 1}`))
  })

  // Closing the port with the last event still in it could lose that event.
  test('ends only when the window has dealt with the last event', async () => {
    const out = outlet()
    const stream = new PullStream(async function* () {
      yield 'head'
      yield 'end'
    }, out)
    await settled()
    stream.acknowledge()
    await settled()
    expect(out.ended).toBe(0)
    stream.acknowledge()
    await settled()
    expect(out.ended).toBe(1)
  })

  test('that is let go aborts its source at once, also while it is held up', async () => {
    let signal: AbortSignal | undefined
    let left = false
    const out = outlet()
    const stream = new PullStream(async function* (given) {
      signal = given
      try {
        for (;;) yield 'chunk'
      } finally {
        left = true
      }
    }, out)
    await settled()
    stream.end()
    await settled()
    expect(signal?.aborted).toBe(true)
    expect(left).toBe(true)
    expect(out.ended).toBe(0)
    expect(out.events).toHaveLength(creditEvents)
  })
})
