const changes = new Set<() => void>()
let frame: number | undefined

/** Changes what is drawn, in the next frame and together with all else that changes there: one commit, not one more. */
export function withNextDrawing(change: () => void): void {
  changes.add(change)
  frame ??= requestAnimationFrame(changeNow)
}

/** Makes the changes that wait, as something is drawn now. */
export function changeNow(): void {
  if (frame !== undefined) cancelAnimationFrame(frame)
  frame = undefined
  const due = [...changes]
  changes.clear()
  for (const change of due) change()
}
