import { textSizes } from '../../preload/contract-app.ts'
import { Mutex } from '../mutex.ts'
import type { Notices } from '../settings/notices.ts'
import type { SettingsStore } from '../settings/settings-store.ts'

/** What the menu can do with the size of text. */
export type TextSizeStep = 'larger' | 'smaller' | 'usual'

/**
 * Changes the size of text by steps, one after the other, so that quick presses each count. When one cannot be saved, a
 * notice says so until one can: a menu has no place of its own to say it.
 */
export function textSizeSteps(
  settings: Pick<SettingsStore, 'get' | 'change'>,
  notices: Pick<Notices, 'add' | 'dismiss'>,
): (step: TextSizeStep) => Promise<void> {
  const steps = new Mutex()
  let told = ''
  return step =>
    steps.run(async () => {
      const now = settings.get().textSize
      const textSize = nextTextSize(now, step)
      if (textSize === now) return
      try {
        await settings.change({ textSize })
        notices.dismiss(told)
      } catch {
        told = notices.add({ code: 'text-size-unsaved', values: {} })
      }
    })
}

/** The next size, of those that can be chosen; the last one where there is no further. @param now in percent */
export function nextTextSize(now: number, step: TextSizeStep): number {
  if (step === 'usual') return 100
  const further = step === 'larger' ? textSizes.filter(size => size > now) : textSizes.filter(size => size < now)
  return (step === 'larger' ? further[0] : further.at(-1)) ?? now
}
