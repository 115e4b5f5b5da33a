import { useTranslation } from 'react-i18next'
import { longest } from '../../../../preload/contract-limits.ts'
import { AdapterPart } from './adapter-part.tsx'
import { AnswersPart } from './answers-part.tsx'
import { BasePart } from './base-part.tsx'
import { changeDraft, useDraft } from './draft-store.ts'
import { KeepPart } from './keep-part.tsx'
import { PrecisionPart } from './precision-part.tsx'
import { TextField } from './text-field.tsx'
import { ToldPart } from './told-part.tsx'

/** Describes a model of one's own, tries it, and keeps it. */
export function Create() {
  const { t } = useTranslation()
  return (
    <>
      <p className="pt-6 text-row text-soft">{t('making.about')}</p>
      <BasePart />
      <ToldPart />
      <AnswersPart />
      <AdapterPart />
      <PrecisionPart />
      <Further />
      <KeepPart />
    </>
  )
}

/** What hardly anybody needs, and a Modelfile may bring along. */
function Further() {
  const { t } = useTranslation()
  const template = useDraft(({ draft }) => draft.template)
  const license = useDraft(({ draft }) => draft.license)
  return (
    <details className="pt-8">
      <summary className="cursor-pointer text-row text-soft hover:text-ink">{t('making.further')}</summary>
      <TextField
        code
        label={t('making.template')}
        hint={t('making.templateHint')}
        value={template}
        rows={6}
        most={longest.template}
        onChange={value => changeDraft({ template: value })}
      />
      <TextField
        label={t('making.license')}
        hint={t('making.licenseHint')}
        value={license}
        rows={4}
        most={longest.licence}
        onChange={value => changeDraft({ license: value })}
      />
    </details>
  )
}
