import { type FormEvent, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { longest } from '../../../../preload/contract-limits.ts'
import { problemFrom } from '../../../state/bridge.ts'
import { attempt } from '../../../state/perform.ts'
import { Button } from '../../../ui/button.tsx'
import { fieldLook } from '../../../ui/field-look.ts'
import { lookClosely, useDiscover } from '../discover/discover-store.ts'
import { FitLine } from '../discover/fit-line.tsx'
import { shortModelName } from '../installed-model.ts'
import { PullGlance } from './pull-glance.tsx'
import { pullReference } from './pull-reference.ts'
import { startPull, usePulls } from './pulls-store.ts'

const fieldId = 'get-model'

/** Takes the person to the field. */
export const focusGetModel = () => document.getElementById(fieldId)?.focus()

/** The field that takes the name or the page of any model. */
export function GetModel() {
  const { t } = useTranslation()
  const [typed, setTyped] = useState('')
  const [wrong, setWrong] = useState(false)
  const [asked, setAsked] = useState('')
  const hint = useId()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const form = event.currentTarget
    const reference = pullReference(typed)
    if (!reference) return setWrong(true)
    attempt(async () => {
      try {
        setAsked(await startPull(reference))
        setTyped('')
        // How far it is stands at the top of the place.
        form.closest('.column-box')?.scrollTo({ top: 0 })
      } catch (error) {
        if (problemFrom(error).code !== 'invalid-request') throw error
        setWrong(true)
      }
    })
  }
  const reference = pullReference(typed)
  // Its row is at the top of the page, which may be a long way up.
  const coming = usePulls(({ pulls }) => pulls.find(({ model, state }) => state !== 'done' && model === asked))
  const looked = useDiscover(state => (reference ? state.looked[reference.model] : undefined))
  return (
    <section aria-label={t('manage.get')} className="pt-8">
      <h2 className="font-bold">{t('manage.get')}</h2>
      <form onSubmit={submit} className="flex flex-wrap gap-2 pt-3">
        <input
          id={fieldId}
          aria-label={t('manage.getField')}
          aria-describedby={hint}
          aria-invalid={wrong}
          placeholder={t('manage.getPlaceholder')}
          value={typed}
          maxLength={longest.modelName}
          spellCheck={false}
          autoComplete="off"
          autoCapitalize="off"
          onChange={event => {
            setTyped(event.target.value)
            setWrong(false)
          }}
          className={`${fieldLook} h-10 min-w-[min(16rem,100%)] flex-1`}
        />
        <Button
          disabled={!reference || looked?.state === 'looking'}
          title={t('discover.checkHint')}
          className="h-10 px-4"
          onClick={() => reference && attempt(() => lookClosely(reference))}
        >
          {t('discover.runs')}
        </Button>
        <Button type="submit" look="primary" disabled={typed.trim() === ''} className="h-10 px-5">
          {t('manage.getButton')}
        </Button>
      </form>
      <p id={hint} role="status" className={`pt-2 text-small ${wrong ? 'text-rose' : 'text-soft'}`}>
        {looked && !wrong ? <FitLine looked={looked} /> : t(wrong ? 'manage.notAName' : 'manage.getHint')}
      </p>
      {coming ? (
        <p className="pt-2 text-small text-soft tabular-nums">
          <bdi>{shortModelName(coming.model)}</bdi>: <PullGlance pull={coming} />
        </p>
      ) : null}
    </section>
  )
}
