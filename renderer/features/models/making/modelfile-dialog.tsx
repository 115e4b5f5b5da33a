import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { longest } from '../../../../preload/contract-limits.ts'
import { Button } from '../../../ui/button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { type ModelfileTrouble, takeModelfile } from './draft-store.ts'

interface Props {
  onClose: () => void
  returnTo: () => HTMLElement | null
}

/** Fills the description with what a Modelfile says. */
export function ModelfileDialog({ onClose, returnTo }: Props) {
  const { t } = useTranslation()
  const [source, setSource] = useState('')
  const [trouble, setTrouble] = useState<ModelfileTrouble | 'failed'>()
  const field = useId()
  const hint = useId()
  const told = useId()
  const take = async () => {
    try {
      const wrong = await takeModelfile(source)
      if (wrong) setTrouble(wrong)
      else onClose()
    } catch {
      setTrouble('failed')
    }
  }
  return (
    <Dialog
      wide
      title={t('making.pasteTitle')}
      onClose={onClose}
      returnTo={returnTo}
      action={
        <Button look="primary" disabled={source.trim() === ''} onClick={() => void take()}>
          {t('making.pasteButton')}
        </Button>
      }
    >
      <p id={hint} className="pb-3 text-row text-soft">
        {t('making.pasteHint')}
      </p>
      <label htmlFor={field} className="sr-only">
        {t('making.pasteText')}
      </label>
      <textarea
        id={field}
        dir="auto"
        rows={12}
        spellCheck={false}
        maxLength={longest.modelfile}
        value={source}
        aria-invalid={trouble !== undefined}
        aria-describedby={`${hint} ${told}`}
        placeholder={'FROM llama3.2\nSYSTEM """You are a patient teacher."""\nPARAMETER temperature 0.5'}
        onChange={event => {
          setSource(event.target.value)
          setTrouble(undefined)
        }}
        className="w-full resize-y rounded-small border border-line-strong bg-raised px-3 py-2 font-mono text-small leading-normal aria-invalid:border-rose"
      />
      <div id={told} role="status" className="min-h-6 pt-1 text-small text-rose">
        {trouble ? <Wrong trouble={trouble} /> : null}
      </div>
    </Dialog>
  )
}

function Wrong({ trouble }: { trouble: ModelfileTrouble | 'failed' }) {
  const { t } = useTranslation()
  if (trouble === 'failed') return t('making.pasteFailed')
  const { line, reason } = trouble
  return (
    <>
      {line > 0 ? t('making.pasteLine', { line }) : t('making.pasteWrong')}
      <span dir="auto" className="block font-mono text-tiny break-words text-soft">
        {reason}
      </span>
    </>
  )
}
