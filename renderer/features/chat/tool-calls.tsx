import { ChevronRightIcon, WrenchIcon } from 'lucide-react'
import { Collapsible } from 'radix-ui'
import { memo, type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Message, ToolCall } from '../../../preload/contract.ts'
import { ScrollBox } from '../../ui/scroll-box.tsx'

interface ToolCallsProps {
  message: Message
  /** A result follows directly below. */
  answered: boolean
  /** Stand in the first call. */
  actions: ReactNode
}

/** The functions a model wanted called, each with what it was to be given. */
export function ToolCalls({ message, answered, actions }: ToolCallsProps) {
  const { t } = useTranslation()
  return (
    <div className="my-2 flex flex-col gap-2">
      {message.toolCalls.map((call, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: calls are only ever appended, and may be equal
        <Call key={index} call={call} actions={index === 0 ? actions : null} />
      ))}
      {answered ? null : <p className="text-small text-faint">{t('chat.toolNotRun')}</p>}
    </div>
  )
}

function Call({ call: { name, arguments: given }, actions }: { call: ToolCall; actions: ReactNode }) {
  const { t } = useTranslation()
  const fields = Object.entries(given)
  return (
    <section
      aria-label={t('chat.toolCall', { name })}
      className="relative rounded-box border border-line bg-raised px-4 py-3"
    >
      <div className="flex items-center gap-2 text-row">
        <WrenchIcon aria-hidden className="flex-none text-faint" />
        <p className="min-w-0 flex-1 break-words">{t('chat.toolCall', { name })}</p>
        {actions ? (
          <div className="absolute top-2 right-2 rounded-small pl-2 group-focus-within:bg-raised group-hover:bg-raised">
            {actions}
          </div>
        ) : null}
      </div>
      {fields.length > 0 ? (
        <dl className="mt-2 grid grid-cols-[minmax(0,auto)_minmax(0,1fr)] gap-x-4 gap-y-1 pl-6 text-small">
          {fields.map(([field, value]) => (
            <Field key={field} name={field} value={value} />
          ))}
        </dl>
      ) : null}
    </section>
  )
}

function Field({ name, value }: { name: string; value: unknown }) {
  return (
    <>
      <dt className="break-words text-faint">{name}</dt>
      <dd className="min-w-0 break-words whitespace-pre-wrap text-ink" dir="auto">
        {typeof value === 'string' ? value : <Code>{JSON.stringify(value, null, 2)}</Code>}
      </dd>
    </>
  )
}

const Code = ({ children }: { children: ReactNode }) => <code className="font-mono text-tiny">{children}</code>

/** What a function has answered, folded to its first line. */
export const ToolResult = memo(({ message }: { message: Message }) => {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const { content, tool } = message
  const name = t('chat.toolResult', { name: tool?.name ?? '' })
  return (
    <article aria-label={name} className="pb-4">
      <Collapsible.Root open={open} onOpenChange={setOpen} className="rounded-box border border-line bg-sunk">
        <Collapsible.Trigger className="flex min-h-9 w-full items-center gap-2 rounded-box px-3 text-left text-small text-soft transition-colors hover:text-ink">
          <ChevronRightIcon aria-hidden className={`flex-none transition-transform ${open ? 'rotate-90' : ''}`} />
          <span className="flex-none">{name}</span>
          {open ? null : (
            <span dir="auto" className="min-w-0 truncate text-faint">
              {content.slice(0, preview).replace(/\s+/g, ' ')}
            </span>
          )}
        </Collapsible.Trigger>
        <Collapsible.Content className="border-t border-line">
          <ScrollBox label={name} className="max-h-80 overflow-y-auto">
            <pre data-text className="px-4 py-3 font-mono text-tiny break-words whitespace-pre-wrap">
              {indented(content)}
            </pre>
          </ScrollBox>
        </Collapsible.Content>
      </Collapsible.Root>
    </article>
  )
})

/** Letters that are more than a line of them. */
const preview = 200
/** Letters of JSON that are laid out anew: larger ones would hold up the window. */
const mostIndented = 200_000

/** JSON over several lines; everything else as it is. */
function indented(text: string): string {
  if (!/^\s*[[{]/.test(text) || text.length > mostIndented) return text
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}
