import { call } from '../../../state/bridge.ts'
import { emptyDraft, keptOf } from './draft.ts'
import { goOnWith, useDraft } from './draft-store.ts'

/** Milliseconds without a change before it is kept. */
const pause = 500

let timer: ReturnType<typeof setTimeout> | undefined
let unkept = false

/** Goes on with the draft that main has kept, and has every later one kept, also over a kill. Call once. */
export async function followDraft(): Promise<void> {
  useDraft.subscribe(({ draft }, before) => {
    if (draft !== before.draft) keepSoon()
  })
  window.addEventListener('pagehide', keepNow)
  document.addEventListener('visibilitychange', keepNow)
  const { draft } = await call('makings.draft', {})
  if (draft) goOnWith(draft)
}

function keepSoon(): void {
  unkept = true
  clearTimeout(timer)
  timer = setTimeout(keepNow, pause)
}

/** What cannot be kept stays in the window, and is tried again with the next change. */
function keepNow(): void {
  clearTimeout(timer)
  if (!unkept) return
  unkept = false
  const { draft } = useDraft.getState()
  call('makings.keepDraft', { draft: draft === emptyDraft ? null : keptOf(draft) }).catch(() => {
    unkept = true
  })
}
