/** Milliseconds between two events of progress. */
const pace = 100

/** Tells of a job's steps as often as somebody can see it; who lets go ends the job. */
export async function* paced<R>(
  job: AsyncGenerator<{ readonly done: number; readonly total: number }, R>,
): AsyncGenerator<{ type: 'progress'; done: number; total: number }, R> {
  let told = Number.NEGATIVE_INFINITY
  try {
    for (;;) {
      const step = await job.next()
      if (step.done) return step.value
      if (performance.now() - told < pace) continue
      told = performance.now()
      yield { type: 'progress', done: step.value.done, total: step.value.total }
    }
  } finally {
    // Already at its end unless somebody let go.
    await job.return(undefined as R)
  }
}
