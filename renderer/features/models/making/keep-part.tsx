import { type FormEvent, useEffect, useId, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { longest } from '../../../../preload/contract-limits.ts'
import type { TextKey } from '../../../i18n/texts.ts'
import { attempt } from '../../../state/perform.ts'
import { Button } from '../../../ui/button.tsx'
import { fieldLook } from '../../../ui/field-look.ts'
import { modelKey } from '../installed-model.ts'
import { type ModelsState, useModels } from '../models-store.ts'
import { type Base, missing } from './draft.ts'
import { changeDraft, startOver, useDraft } from './draft-store.ts'
import { makingWords, stepWords } from './making-words.ts'
import { removeMaking, useMakings } from './makings-store.ts'
import { followSaving, save, useSaving } from './save.ts'
import { discardTrial, startTrial } from './trial-store.ts'

/** Always in sight below the description: try the model, give it a name, keep it. */
export function KeepPart() {
  const { t, i18n } = useTranslation()
  const { draft, facts } = useDraft()
  const models = useModels(state => state.models)
  const makings = useMakings(state => state.makings)
  const { id: savedBy, draft: saved } = useSaving()
  const making = makings.find(({ id }) => id === savedBy)
  const saving = savedBy !== null && making?.state !== 'failed'
  const [trouble, setTrouble] = useState<TextKey>()
  const asking = useRef(false)
  const field = useId()
  const hint = useId()
  // biome-ignore lint/correctness/useExhaustiveDependencies: it waits for the list, which may tell the end before main has answered the call
  useEffect(() => attempt(followSaving), [makings, savedBy])
  const lacks = missing(draft) ?? (isHere(draft.base, models) ? undefined : 'making.baseMissing')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    // The button that was pressed is disabled in a moment.
    document.getElementById(field)?.focus()
    if (asking.current) return
    asking.current = true
    attempt(async () => {
      try {
        setTrouble(await save())
      } finally {
        asking.current = false
      }
    })
  }
  const underWay = making?.state === 'running' ? making : undefined
  // Its row, at the top of the page, tells the rest.
  const failure = making?.problem && saved === draft && makingWords(making.problem).title
  const words = trouble ?? (failure || lacks) ?? 'making.nameHint'
  const begin = () => {
    startOver()
    setTrouble(undefined)
    attempt(discardTrial)
  }
  return (
    <section
      aria-label={t('making.keep')}
      className="sticky bottom-0 z-20 -mx-6 mt-8 -mb-12 border-t border-line bg-paper px-6 pt-3 pb-3"
    >
      <form onSubmit={submit}>
        <label htmlFor={field} className="block pb-1 text-small text-soft">
          {t('making.name')}
        </label>
        <div className="flex flex-wrap items-center gap-2">
          <input
            id={field}
            value={draft.name}
            maxLength={longest.modelName}
            spellCheck={false}
            autoComplete="off"
            autoCapitalize="off"
            aria-invalid={trouble !== undefined}
            aria-describedby={hint}
            onChange={event => {
              changeDraft({ name: event.target.value })
              setTrouble(undefined)
            }}
            className={`${fieldLook} h-9 min-w-[min(14rem,100%)] flex-1`}
          />
          {facts && !facts.chats ? null : (
            <Button disabled={lacks !== undefined || saving} className="h-9" onClick={() => attempt(startTrial)}>
              {t('making.try')}
            </Button>
          )}
          <Button
            type="submit"
            look="primary"
            disabled={lacks !== undefined || saving || draft.name.trim() === ''}
            className="h-9 px-5"
          >
            {t(saving ? 'making.saving' : 'making.save')}
          </Button>
          {/* One button whatever it says, so that the focus stays on it. */}
          <Button
            look="quiet"
            className="h-9"
            onClick={() => (saving ? attempt(() => removeMaking(savedBy)) : begin())}
          >
            {t(saving ? 'making.cancel' : 'making.startOver')}
          </Button>
        </div>
        <div id={hint} className="min-h-6 pt-1 text-small text-soft tabular-nums">
          {underWay ? stepWords(underWay, t, i18n.language).join(' · ') : null}
          <span role="status" className={trouble || failure ? 'text-rose' : undefined}>
            {underWay ? null : t(words)}
          </span>
        </div>
      </form>
    </section>
  )
}

/** A Modelfile may name a model that is not here, and one that was may have gone. */
const isHere = (base: Base | null, models: ModelsState['models']) =>
  base?.kind !== 'model' || (models?.some(({ name }) => modelKey(name) === modelKey(base.model)) ?? true)
