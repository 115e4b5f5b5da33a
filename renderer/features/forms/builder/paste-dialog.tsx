import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Field, fieldName } from '../../../../forms/field.ts'
import { fieldsFromPaste, mostPasted } from '../../../../forms/from-paste.ts'
import { PasteTrouble, type TroubleCode } from '../../../../forms/paste-trouble.ts'
import type { ProblemInfo } from '../../../../preload/contract.ts'
import { sentences } from '../../../i18n/format.ts'
import type { TextKey } from '../../../i18n/texts.ts'
import { problemFrom } from '../../../state/bridge.ts'
import { Button } from '../../../ui/button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { fieldLook } from '../../../ui/field-look.ts'
import { formProblemWords } from '../results/form-problem-words.ts'

const troubleWords: Readonly<Record<TroubleCode, TextKey>> = {
  'broken-json': 'forms.brokenJson',
  'not-understood': 'forms.notUnderstood',
  'too-large': 'forms.pasteTooLarge',
  'no-fields': 'forms.pasteNoFields',
  recursive: 'forms.pasteRecursive',
  'missing-part': 'forms.pasteMissingPart',
  'too-deep': 'forms.pasteTooDeep',
  'too-many': 'forms.pasteTooMany',
  'bad-name': 'forms.pasteBadName',
}

interface Props {
  title: string
  button: string
  /** Takes the fields; what it rejects with is told, and the dialog stays. */
  onFields: (fields: readonly Field[]) => Promise<void>
  onClose: () => void
  returnTo: () => HTMLElement | null
}

/** Makes fields of an example or a schema, telling at once which. */
export function PasteDialog({ title, button, onFields, onClose, returnTo }: Props) {
  const { t } = useTranslation()
  const id = useId()
  const [text, setText] = useState('')
  const [problem, setProblem] = useState<ProblemInfo | null>(null)
  const read = text.trim() === '' ? null : readPaste(text)
  const take = async () => {
    if (!read || 'trouble' in read) return
    try {
      await onFields(read.fields)
      onClose()
    } catch (error) {
      setProblem(problemFrom(error))
    }
  }
  return (
    <Dialog
      wide
      title={title}
      onClose={onClose}
      returnTo={returnTo}
      action={
        <Button look="primary" disabled={!read || 'trouble' in read} onClick={() => void take()}>
          {button}
        </Button>
      }
    >
      <label htmlFor={id} className="block pb-2 text-row text-soft">
        {t('forms.pasteHint')}
      </label>
      <textarea
        id={id}
        dir="auto"
        rows={10}
        spellCheck={false}
        maxLength={mostPasted * 2}
        value={text}
        placeholder={t('forms.pastePlaceholder')}
        onChange={event => {
          setText(event.target.value)
          setProblem(null)
        }}
        className={`${fieldLook} w-full resize-none font-mono text-small`}
      />
      <div role="status" className="min-h-12 pt-2 text-small">
        {problem ? (
          <Refusal problem={problem} />
        ) : read && 'trouble' in read ? (
          <p className="text-amber">
            {t(troubleWords[read.trouble.code])}
            {read.trouble.place ? (
              <span className="block font-mono text-tiny text-faint">{read.trouble.place}</span>
            ) : null}
          </p>
        ) : read ? (
          <p className="line-clamp-3 break-words text-soft">
            {t(read.from === 'schema' ? 'forms.pasteSchema' : 'forms.pasteExample', { count: read.fields.length })}
            <span dir="auto">{read.fields.map(fieldName).join(', ')}</span>
          </p>
        ) : null}
      </div>
    </Dialog>
  )
}

function readPaste(text: string) {
  try {
    return fieldsFromPaste(text)
  } catch (error) {
    if (error instanceof PasteTrouble) return { trouble: error }
    throw error
  }
}

function Refusal({ problem }: { problem: ProblemInfo }) {
  const { t, i18n } = useTranslation()
  const { title, text } = formProblemWords(problem)
  return (
    <>
      <p className="text-rose">{sentences([t(title), t(text)], i18n.language)}</p>
      <p className="font-mono text-tiny break-words text-faint">{problem.message}</p>
    </>
  )
}
