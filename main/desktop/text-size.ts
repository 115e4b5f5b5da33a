import { textSizes } from '../../preload/contract-app.ts'

/** What the menu can do with the size of text. */
export type TextSizeStep = 'larger' | 'smaller' | 'usual'

/** The next size, of those that can be chosen; the last one where there is no further. @param now in percent */
export function nextTextSize(now: number, step: TextSizeStep): number {
  if (step === 'usual') return 100
  const further = step === 'larger' ? textSizes.filter(size => size > now) : textSizes.filter(size => size < now)
  return (step === 'larger' ? further[0] : further.at(-1)) ?? now
}
