import type { Action } from './action.ts'
import { problemFrom } from './bridge.ts'
import { problemWords } from './problem-words.ts'
import { showToast } from './toasts.ts'

/** Does an action; one that has to wait, or fails, says so in a toast. */
export function perform<Subject>(action: Action<Subject>, subject: Subject): void {
  const reason = action.blocked?.(subject)
  if (reason) showToast({ text: reason })
  else attempt(() => action.perform(subject))
}

/** Does something the person asked for; when it fails, a toast says what went wrong. */
export function attempt(work: () => unknown): void {
  const fail = (error: unknown) => showToast({ text: problemWords(problemFrom(error)).title })
  try {
    void Promise.resolve(work()).catch(fail)
  } catch (error) {
    fail(error)
  }
}
