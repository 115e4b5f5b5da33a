/** A promise and the means to settle it (Promise.withResolvers arrives only with Node 22). */
export class Deferred<T> {
  readonly promise: Promise<T>
  resolve!: (value: T) => void
  reject!: (error: unknown) => void

  constructor() {
    this.promise = new Promise<T>((resolve, reject) => {
      this.resolve = resolve
      this.reject = reject
    })
    // Who waits hears of a rejection; one that nobody waits for is no crash of the whole app.
    this.promise.catch(() => {})
  }

  static resolved(): Deferred<void> {
    const deferred = new Deferred<void>()
    deferred.resolve()
    return deferred
  }
}
