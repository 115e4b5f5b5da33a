import { XIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { IconButton } from '../../../ui/icon-button.tsx'

/** One part of the description of a model: its name, what it means, and what is set there. */
export function Part({ title, hint, children }: { title: string; hint?: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="pt-8">
      <h2 tabIndex={-1} className="font-bold outline-none">
        {title}
      </h2>
      {hint ? <p className="text-small leading-normal text-soft">{hint}</p> : null}
      {children}
    </section>
  )
}

/** Takes something away from its part. The part keeps the focus that goes with the button. */
export function TakeAway({ name, onTake }: { name: string; onTake: () => void }) {
  const { t } = useTranslation()
  return (
    <IconButton
      icon={XIcon}
      label={t('making.takeAway', { name })}
      onClick={({ currentTarget }) => {
        focusPart(currentTarget)
        onTake()
      }}
    />
  )
}

/** Keeps the focus in its part when the button that had it goes away. */
export const focusPart = (gone: Element): void => gone.closest('section')?.querySelector('h2')?.focus()
