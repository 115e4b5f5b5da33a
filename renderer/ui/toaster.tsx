import { XIcon } from 'lucide-react'
import { Toast as Radix } from 'radix-ui'
import { useTranslation } from 'react-i18next'
import { closeToast, useToasts } from '../state/toasts.ts'

/** Milliseconds a toast stands; long enough to read it and to reach Undo. */
const standing = 8000

export function Toaster() {
  const { t } = useTranslation()
  const toasts = useToasts(state => state.toasts)
  return (
    <Radix.Provider duration={standing} swipeDirection="down">
      {toasts.map(({ id, text, action }) => (
        <Radix.Root
          key={id}
          onOpenChange={open => open || closeToast(id)}
          className="rise flex max-w-full items-center gap-3 rounded-box border border-line bg-raised py-1.5 pr-1.5 pl-4 text-row shadow-float"
        >
          <Radix.Description className="min-w-0 truncate">{text}</Radix.Description>
          {action ? (
            <Radix.Action asChild altText={action.label}>
              <button
                type="button"
                onClick={action.perform}
                className="h-8 flex-none rounded-small px-2.5 font-medium text-ember-text transition-colors hover:bg-ember-wash"
              >
                {action.label}
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
      ))}
      <Radix.Viewport
        label={t('app.notifications')}
        className="absolute bottom-36 left-1/2 z-40 flex w-max max-w-[calc(100%-3rem)] -translate-x-1/2 flex-col items-center gap-2 outline-none"
      />
    </Radix.Provider>
  )
}
