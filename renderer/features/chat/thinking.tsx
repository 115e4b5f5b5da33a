import { ChevronRightIcon } from 'lucide-react'
import { Collapsible } from 'radix-ui'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Message } from '../../../preload/contract.ts'

/** What the model thought before it answered, folded, with how long it took. */
export function Thinking({ message }: { message: Message }) {
  const [open, setOpen] = useState(false)
  const label = useThinkingLabel(message)
  return (
    <Collapsible.Root open={open} onOpenChange={setOpen} className="mb-2">
      <Collapsible.Trigger className="-ml-1 flex h-7 items-center gap-1 rounded-small pr-2 text-small text-faint transition-colors hover:text-ink">
        <ChevronRightIcon aria-hidden className={`transition-transform ${open ? 'rotate-90' : ''}`} />
        {label}
      </Collapsible.Trigger>
      <Collapsible.Content className="mt-1 mb-4 border-l border-line pl-4 text-small break-words whitespace-pre-wrap text-soft">
        {message.thinking.trim()}
      </Collapsible.Content>
    </Collapsible.Root>
  )
}

function useThinkingLabel({ content, state, metrics }: Message): string {
  const { t } = useTranslation()
  const thinking = content === '' && (state === 'streaming' || state === 'waiting')
  const seen = useSecondsWhile(thinking)
  if (thinking) return t('chat.thinking')
  const seconds = metrics?.thinkingSeconds ?? seen
  if (seconds === null) return t('chat.thought')
  const count = Math.round(seconds)
  return count < 1 ? t('chat.thoughtBriefly') : t('chat.thoughtFor', { count })
}

/** Seconds that `running` was true in front of the person; null when it never was. */
function useSecondsWhile(running: boolean): number | null {
  const [seconds, setSeconds] = useState<number | null>(null)
  useEffect(() => {
    if (!running) return
    const start = performance.now()
    return () => setSeconds((performance.now() - start) / 1000)
  }, [running])
  return seconds
}
