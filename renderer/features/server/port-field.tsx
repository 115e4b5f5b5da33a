import { type FormEvent, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ProblemInfo } from '../../../preload/contract.ts'
import { highestPort } from '../../../preload/contract-limits.ts'
import { sentences } from '../../i18n/format.ts'
import { problemFrom } from '../../state/bridge.ts'
import { problemWords } from '../../state/problem-words.ts'
import { Button } from '../../ui/button.tsx'
import { fieldLook } from '../../ui/field-look.ts'
import { Row } from '../../ui/page.tsx'
import { changeServer } from './server-store.ts'

/** The port, changed when the person says so; what stands against it is told beside it. */
export function PortField({ port }: { port: number }) {
  const { t, i18n } = useTranslation()
  const [text, setText] = useState(String(port))
  const [problem, setProblem] = useState<ProblemInfo | null>(null)
  useEffect(() => {
    setText(String(port))
    setProblem(null)
  }, [port])
  const wanted = /^\d{1,5}$/.test(text.trim()) ? Number(text) : 0
  const isPort = wanted >= 1 && wanted <= highestPort
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setProblem(null)
    if (isPort) changeServer({ apiPort: wanted }).catch(error => setProblem(problemFrom(error)))
  }
  // What is set already is not to be found fault with, though it may let the system choose (0).
  const sound = isPort || text === String(port)
  const trouble = sound ? problem && problemWords(problem) : { title: 'server.noPort' as const, text: null }
  return (
    <Row name={t('server.port')} hint={t('server.portHint')}>
      <form onSubmit={submit} className="flex flex-col gap-1 wide:items-end">
        <div className="flex gap-2">
          <input
            aria-label={t('server.port')}
            aria-invalid={trouble !== null}
            aria-describedby="port-trouble"
            inputMode="numeric"
            value={text}
            onChange={event => {
              setText(event.target.value)
              setProblem(null)
            }}
            className={`${fieldLook} h-8 w-24 text-right tabular-nums`}
          />
          <Button type="submit" disabled={!isPort || wanted === port}>
            {t('server.move')}
          </Button>
        </div>
        <p id="port-trouble" role="status" className="max-w-80 text-small text-rose wide:text-right">
          {trouble
            ? sentences(
                [trouble.title, trouble.text].map(text => text && t(text)),
                i18n.language,
              )
            : ''}
        </p>
      </form>
    </Row>
  )
}
