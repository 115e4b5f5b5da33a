import { XIcon } from 'lucide-react'
import { Toast as Radix } from 'radix-ui'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { sentences } from '../i18n/format.ts'
import { textWith } from '../i18n/i18n.ts'
import { usePlace } from '../state/place.ts'
import { closeToast, type Toast, useToasts } from '../state/toasts.ts'

/** Milliseconds a toast stands; long enough to read it and to reach Undo. */
const standing = 8000
/** Milliseconds between two looks at the clock. */
const tick = 250

/** The newest is always the one at the edge; what lies behind it looks out on the other side. */
const places = {
  top: 'top-1.5 flex-col-reverse [--behind:var(--step)]',
  bottom: 'bottom-2 flex-col [--behind:calc(-1*var(--step))]',
  'above-bar': 'bottom-28 flex-col [--behind:calc(-1*var(--step))]',
}

/**
 * Short messages over the bar with the title, where they cover nothing that is read; at the end of the page where the
 * bar is full of buttons. They lie on each other, the newest in front, and spread out under the pointer or with the
 * focus.
 */
export function Toaster() {
  const { t } = useTranslation()
  const toasts = useToasts(state => state.toasts)
  const pointed = useRef(false)
  // A pointer that happens to rest where one came up, or another was, counts once it moves.
  // biome-ignore lint/correctness/useExhaustiveDependencies: with every toast that comes or goes
  useEffect(() => {
    pointed.current = false
  }, [toasts])
  const at = usePlace(({ place }) => {
    if (place.kind === 'models' && place.view === 'create') return 'above-bar'
    return place.kind === 'models' || place.kind === 'forms' || place.kind === 'trash' ? 'bottom' : 'top'
  })
  return (
    // The time limit is kept here: Radix waits while the window is in the background, and on where a pointer once was.
    <Radix.Provider
      label={t('app.notifications')}
      duration={Number.POSITIVE_INFINITY}
      swipeDirection={at === 'top' ? 'up' : 'down'}
    >
      {toasts.map(toast => (
        <ToastCard key={toast.id} toast={toast} pointed={pointed} />
      ))}
      <Radix.Viewport
        label={t('app.notifications')}
        className={`toasts absolute ${places[at]} left-1/2 z-40 flex w-max max-w-[calc(100%-3rem)] -translate-x-1/2 items-center gap-1.5 outline-none`}
      />
    </Radix.Provider>
  )
}

interface CardProps {
  toast: Toast
  /** Whether a pointer was moved on any of them. */
  pointed: { current: boolean }
}

function ToastCard({ toast: { id, text, more, values, action }, pointed }: CardProps) {
  const { t, i18n } = useTranslation()
  const card = useRef<HTMLLIElement>(null)
  // Radix closes the newest by an Escape that is meant for something else, and its Undo with it.
  const escapedElsewhere = useRef(false)
  useTimeLimit(id, card, pointed)
  return (
    <Radix.Root
      ref={card}
      open
      onEscapeKeyDown={({ target }) => {
        escapedElsewhere.current = !card.current?.parentElement?.contains(target as Node)
      }}
      onOpenChange={() => {
        if (!escapedElsewhere.current) closeToast(id)
        escapedElsewhere.current = false
      }}
      onPointerMove={() => {
        pointed.current = true
      }}
      className="rise flex max-w-full items-center gap-2 rounded-box border border-line bg-raised py-[3px] pr-[3px] pl-3.5 text-row shadow-float"
    >
      <Radix.Description className="line-clamp-3 min-w-0 py-1 leading-tight wrap-anywhere">
        {more
          ? sentences([textWith(text, values ?? {}), textWith(more, values ?? {})], i18n.language)
          : textWith(text, values ?? {})}
      </Radix.Description>
      {action ? (
        <Radix.Action asChild altText={t(action.label)}>
          <button
            type="button"
            onClick={action.perform}
            className="h-8 flex-none rounded-small px-2.5 font-medium text-ember-text transition-colors hover:bg-ember-wash"
          >
            {t(action.label)}
          </button>
        </Radix.Action>
      ) : null}
      <Radix.Close
        aria-label={t('app.close')}
        className="grid size-8 flex-none place-items-center rounded-small text-faint transition-colors hover:bg-hover hover:text-ink"
      >
        <XIcon aria-hidden />
      </Radix.Close>
    </Radix.Root>
  )
}

/**
 * Closes a toast when its time is over. The clock stands still only while the focus is in one of them or the pointer is
 * on them: those behind cannot be reached otherwise.
 */
function useTimeLimit(id: number, card: { readonly current: HTMLElement | null }, pointed: { current: boolean }): void {
  useEffect(() => {
    let left = standing
    let last = Date.now()
    const timer = setInterval(() => {
      const now = Date.now()
      const stack = card.current?.parentElement
      const focused = document.activeElement
      // Looked at anew each time: what vanishes under the pointer or with the focus tells nobody that it left.
      if (!stack?.matches(':hover')) pointed.current = false
      // One that vanished leaves its focus to the whole, where nobody is at any of them.
      const isFocused = document.hasFocus() && focused !== stack && stack?.contains(focused)
      if (!pointed.current && !isFocused) left -= now - last
      last = now
      if (left <= 0) closeToast(id)
    }, tick)
    return () => clearInterval(timer)
  }, [id, card, pointed])
}
