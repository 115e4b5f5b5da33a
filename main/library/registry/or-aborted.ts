/**
 * Waits for what others may be waiting for as well, unless the signal comes first.
 * @throws the signal's reason, or what `work` is rejected with
 */
export async function orAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  signal?.throwIfAborted()
  let leave = () => {}
  const gone = new Promise<never>((_, reject) => {
    leave = () => reject(signal?.reason)
  })
  signal?.addEventListener('abort', leave)
  try {
    return await Promise.race([work, gone])
  } finally {
    signal?.removeEventListener('abort', leave)
  }
}
