import { useEffect, useId, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { fileSize } from '../../../i18n/format.ts'
import { attempt } from '../../../state/perform.ts'
import { Button } from '../../../ui/button.tsx'
import { modelKey } from '../installed-model.ts'
import { lookClosely, useDiscover } from './discover-store.ts'
import { FitLine } from './fit-line.tsx'
import { GetButton } from './size-row.tsx'

/** The model that a link leads to, and the question whether to get it. */
export function LinkedModel() {
  const { t, i18n } = useTranslation()
  const { catalogue, failed, linked, looked } = useDiscover()
  const title = useRef<HTMLHeadingElement>(null)
  const titleId = useId()
  useEffect(() => {
    if (linked !== null) title.current?.focus()
  }, [linked])
  if (linked === null) return null
  const family = catalogue?.families.find(({ sizes }) => sizes.some(size => isLinked(size.model, linked)))
  const size = family?.sizes.find(size => isLinked(size.model, linked))
  const closely = looked[linked]
  const chats = !family?.abilities.includes('embedding')
  return (
    <section aria-labelledby={titleId} className="mt-6 rounded-box border border-line-strong bg-raised px-5 py-4">
      <h2 id={titleId} ref={title} tabIndex={-1} className="text-small text-faint outline-none">
        {t('discover.linked')}
      </h2>
      <p className="flex flex-wrap items-baseline gap-x-2 pt-1 font-medium break-words">
        <bdi className="min-w-0 break-all">{linked}</bdi>
        {size ? <span className="text-small font-normal text-soft">{fileSize(size.bytes, i18n.language)}</span> : null}
      </p>
      <p className="min-h-[1lh] text-row leading-normal">
        {family ? t(`catalogue.families.${family.id}` as 'catalogue.families.qwen3') : null}
        {!family && (catalogue || failed) ? t('discover.linkedFrom', { host: hostOf(linked) }) : null}
      </p>
      <p role="status" className="pt-1 text-small leading-normal text-soft">
        <FitLine fit={size?.fit} looked={closely} chats={chats} />
      </p>
      <div className="flex flex-wrap items-center gap-2 pt-3">
        <GetButton model={linked} chats={chats} look="primary" />
        {closely && closely.state !== 'failed' ? null : (
          <Button
            title={t('discover.checkHint')}
            onClick={() => attempt(() => lookClosely({ model: linked, insecure: false }))}
          >
            {t('discover.runs')}
          </Button>
        )}
        <Button look="quiet" onClick={() => useDiscover.setState({ linked: null })}>
          {t('discover.notNow')}
        </Button>
      </div>
    </section>
  )
}

const isLinked = (model: string, linked: string): boolean => modelKey(model) === modelKey(linked)

/** The computer a name leads to: what stands before its last two parts, as main's `parseModelName` reads it. */
function hostOf(model: string): string {
  const parts = model.split('/')
  return parts.length > 2 ? parts.slice(0, -2).join('/') : 'registry.ollama.ai'
}
