import { XIcon } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { longest } from '../../../preload/contract-limits.ts'
import { sentences } from '../../i18n/format.ts'
import { problemFrom } from '../../state/bridge.ts'
import { attempt } from '../../state/perform.ts'
import { problemWords } from '../../state/problem-words.ts'
import { Button } from '../../ui/button.tsx'
import { fieldLook } from '../../ui/field-look.ts'
import { IconButton } from '../../ui/icon-button.tsx'
import { Row } from '../../ui/page.tsx'
import { changeServer } from './server-store.ts'

/** The web pages that may call besides those of this computer. */
export function OriginsField({ origins }: { origins: readonly string[] }) {
  const { t, i18n } = useTranslation()
  const [text, setText] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const origin = text.trim().replace(/\/+$/, '')
    if (origin === '') return
    try {
      await changeServer({ apiOrigins: [...origins.filter(known => known !== origin), origin] })
      setText('')
      setProblem(null)
    } catch (error) {
      const words = problemWords(problemFrom(error))
      setProblem(sentences([t(words.title), t(words.text)], i18n.language))
    }
  }
  const remove = (origin: string) =>
    attempt(() => changeServer({ apiOrigins: origins.filter(known => known !== origin) }))
  return (
    <Row name={t('server.origins')} hint={t('server.originsHint')}>
      <form onSubmit={event => void submit(event)} className="flex w-full max-w-80 flex-col gap-1">
        {origins.map(origin => (
          <div key={origin} className="flex items-center gap-1">
            <code dir="ltr" className="min-w-0 flex-1 truncate font-mono text-small">
              {origin}
            </code>
            <IconButton
              icon={XIcon}
              label={t('server.removeOrigin', { origin })}
              onClick={() => remove(origin)}
              className="size-7"
            />
          </div>
        ))}
        <div className="flex gap-2">
          <input
            aria-label={t('server.origin')}
            aria-describedby="origin-trouble"
            aria-invalid={problem !== null}
            placeholder="https://"
            spellCheck={false}
            maxLength={longest.origin}
            value={text}
            onChange={event => {
              setText(event.target.value)
              setProblem(null)
            }}
            className={`${fieldLook} h-8 min-w-0 flex-1`}
          />
          <Button type="submit" disabled={text.trim() === ''}>
            {t('server.allow')}
          </Button>
        </div>
        <p id="origin-trouble" role="status" className="text-small text-rose">
          {problem}
        </p>
      </form>
    </Row>
  )
}
