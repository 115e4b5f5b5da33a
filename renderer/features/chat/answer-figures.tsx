import { Popover } from 'radix-ui'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Message } from '../../../preload/contract.ts'
import { milliseconds, number } from '../../i18n/format.ts'
import { dialogEscape } from '../../ui/dialog-escape.ts'
import { shortModelName } from '../models/installed-model.ts'

type Metrics = NonNullable<Message['metrics']>

/** Which model wrote an answer and how fast, for those who look for it; a click opens all that was counted. */
export function AnswerFigures({ message, className }: { message: Message; className: string }) {
  const { t } = useTranslation()
  const { metrics, model } = message
  const [open, setOpen] = useState(false)
  const speed = useSpeed(metrics)
  const name = shortModelName(model)
  if (!metrics) return <span className={className}>{name}</span>
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger asChild>
        <button
          type="button"
          className={`h-7 rounded-small px-1.5 tabular-nums hover:bg-hover hover:text-ink data-[state=open]:bg-hover data-[state=open]:text-ink data-[state=open]:opacity-100 ${className}`}
        >
          {[name, speed].filter(Boolean).join(' · ')}
        </button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          {...dialogEscape(() => setOpen(false))}
          align="end"
          side="top"
          sideOffset={6}
          collisionPadding={8}
          aria-label={t('chat.figures')}
          className="appear z-20 max-w-80 rounded-box border border-line bg-raised px-4 py-3 text-small shadow-float outline-none"
        >
          <Figures model={model} metrics={metrics} />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}

function useSpeed(metrics: Metrics | null): string | null {
  const { t, i18n } = useTranslation()
  if (!metrics || metrics.outputSeconds <= 0) return null
  const rate = metrics.outputTokens / metrics.outputSeconds
  return t('chat.speed', { rate: number(rate, i18n.language, rate < 10 ? 1 : 0) })
}

function Figures({ model, metrics }: { model: string; metrics: Metrics }) {
  const { t, i18n } = useTranslation()
  const { promptTokens, outputTokens, outputSeconds, thinkingSeconds } = metrics
  const tokens = (count: number) => t('chat.tokens', { count, number: number(count, i18n.language) })
  const time = (seconds: number) => milliseconds(seconds * 1000, i18n.language)
  const figures = [
    { name: t('chat.figureModel'), value: model },
    { name: t('chat.figureSpeed'), value: useSpeed(metrics) },
    { name: t('chat.figureAnswer'), value: tokens(outputTokens) },
    { name: t('chat.figureWriting'), value: time(outputSeconds) },
    { name: t('chat.figureThinking'), value: thinkingSeconds && time(thinkingSeconds) },
    { name: t('chat.figureRead'), value: tokens(promptTokens) },
  ]
  return (
    <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-1.5">
      {figures.map(({ name, value }) =>
        value ? (
          <div key={name} className="col-span-2 grid grid-cols-subgrid">
            <dt className="text-soft">{name}</dt>
            <dd className="text-right break-all tabular-nums select-text">{value}</dd>
          </div>
        ) : null,
      )}
    </dl>
  )
}
