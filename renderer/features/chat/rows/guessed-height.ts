import type { Message } from '../../../../preload/contract.ts'

/** Pixels of a message of one line, and of each further line; letters that a line holds about. */
const shortest = 76
const line = 24
const letters = 95

/** How high a message is about, in pixels, before it has been in the page: the scrollbar goes by it. */
export function guessedHeight({ role, content }: Message): number {
  if (role === 'system') return 0
  let lines = 0
  let from = 0
  for (let to = content.indexOf('\n'); to >= 0; to = content.indexOf('\n', from)) {
    lines += Math.max(1, Math.ceil((to - from) / letters))
    from = to + 1
  }
  return shortest + line * (lines + Math.max(0, Math.ceil((content.length - from) / letters) - 1))
}
