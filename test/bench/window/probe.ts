import type { Page } from '@playwright/test'

declare global {
  interface Window {
    probe: { commits: number; frames: number[]; commitsOfFrames: number[] }
  }
}

/** What a page showed between two moments. */
export interface Shown {
  /** Milliseconds between two frames, the longest first. */
  readonly frames: readonly number[]
  /** Commits of React in a frame, the most first. */
  readonly commits: readonly number[]
}

/** Counts React's commits from the next load of the page on, by the hook that its developer tools use. */
export async function countCommits(page: Page): Promise<void> {
  await page.addInitScript(() => {
    window.probe = { commits: 0, frames: [], commitsOfFrames: [] }
    const nothing = () => undefined
    Object.assign(window, {
      __REACT_DEVTOOLS_GLOBAL_HOOK__: {
        supportsFiber: true,
        isDisabled: false,
        renderers: new Map(),
        checkDCE: nothing,
        inject: () => 1,
        onCommitFiberUnmount: nothing,
        onPostCommitFiberRoot: nothing,
        onCommitFiberRoot: () => {
          window.probe.commits += 1
        },
      },
    })
  })
  await page.reload()
  await page.getByRole('main').waitFor()
}

/** Watches frames and commits while something goes on. */
export async function watched(page: Page, work: () => Promise<void>): Promise<Shown> {
  await page.evaluate(() => {
    const { probe } = window
    Object.assign(probe, { frames: [], commitsOfFrames: [] })
    let last = performance.now()
    let commits = probe.commits
    const look = (now: number) => {
      probe.frames.push(now - last)
      probe.commitsOfFrames.push(probe.commits - commits)
      last = now
      commits = probe.commits
      requestAnimationFrame(look)
    }
    requestAnimationFrame(look)
  })
  await work()
  const { frames, commitsOfFrames } = await page.evaluate(() => window.probe)
  const mostFirst = (values: readonly number[]) => values.toSorted((a, b) => b - a)
  return { frames: mostFirst(frames), commits: mostFirst(commitsOfFrames) }
}
