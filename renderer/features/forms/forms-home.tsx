import { ClipboardPasteIcon, EllipsisIcon, type LucideIcon, PlusIcon, Trash2Icon } from 'lucide-react'
import { type Ref, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { fieldName } from '../../../forms/field.ts'
import type { Form } from '../../../preload/contract.ts'
import { attempt } from '../../state/perform.ts'
import { go } from '../../state/place.ts'
import { IconButton } from '../../ui/icon-button.tsx'
import { Item, Menu } from '../../ui/menu.tsx'
import { PasteDialog } from './builder/paste-dialog.tsx'
import { createForm, deleteForm } from './form-actions.ts'
import { useForms } from './forms-store.ts'
import { templates } from './templates.ts'

/** All forms, and ways to begin one. */
export function FormsHome({ forms }: { forms: readonly Form[] }) {
  const { t } = useTranslation()
  const setAside = useForms(state => state.setAside)
  const [pasting, setPasting] = useState(false)
  const pasteButton = useRef<HTMLButtonElement>(null)
  return (
    <>
      <p className="pt-6 text-row text-soft">{t('forms.about')}</p>
      {setAside ? (
        <p role="status" className="mt-4 rounded-box border border-line bg-amber-wash px-4 py-3 text-small break-words">
          {t('forms.setAside', { path: setAside })}
        </p>
      ) : null}
      {forms.length > 0 ? (
        <section aria-label={t('forms.yours')} className="pt-6">
          <h2 className="pb-3 font-bold">{t('forms.yours')}</h2>
          <ul className="grid grid-cols-1 gap-2">
            {forms.map(form => (
              <FormRowCard key={form.id} form={form} />
            ))}
          </ul>
        </section>
      ) : null}
      <section aria-label={t('forms.new')} className="pt-8">
        <h2 className="pb-3 font-bold">{t('forms.new')}</h2>
        <div className="grid auto-rows-fr grid-cols-1 gap-2 wide:grid-cols-2">
          <Beginning
            icon={PlusIcon}
            name={t('forms.blank')}
            about={t('forms.blankAbout')}
            onClick={() => attempt(() => createForm('', []))}
          />
          <Beginning
            ref={pasteButton}
            icon={ClipboardPasteIcon}
            name={t('forms.paste')}
            about={t('forms.pasteAbout')}
            onClick={() => setPasting(true)}
          />
          {templates.map(({ id, icon, name, about, fields }) => (
            <Beginning
              key={id}
              icon={icon}
              name={t(name)}
              about={t(about)}
              onClick={() => attempt(() => createForm(t(name), fields(t)))}
            />
          ))}
        </div>
      </section>
      {pasting ? (
        <PasteDialog
          title={t('forms.paste')}
          button={t('forms.makeForm')}
          onFields={fields => createForm('', fields)}
          onClose={() => setPasting(false)}
          returnTo={() => pasteButton.current}
        />
      ) : null}
    </>
  )
}

function FormRowCard({ form }: { form: Form }) {
  const { t } = useTranslation()
  const name = form.name || t('forms.unnamed')
  const fields = form.fields.map(fieldName).join(', ')
  const state = [
    t('forms.rowCount', { count: form.rows }),
    form.waiting > 0 ? t(form.paused ? 'forms.pausedCount' : 'forms.waitingCount', { count: form.waiting }) : '',
    form.failed > 0 ? t('forms.failedCount', { count: form.failed }) : '',
  ].filter(part => part !== '')
  return (
    <li className="flex items-center gap-1 rounded-box border border-line bg-raised pr-2 transition-colors hover:border-line-strong">
      <button
        type="button"
        onClick={() => go({ kind: 'forms', formId: form.id })}
        className="min-w-0 flex-1 rounded-box px-4 py-3 text-left"
      >
        <span dir="auto" className="block truncate font-medium">
          {name}
        </span>
        {fields ? (
          <span dir="auto" className="block truncate text-small text-faint">
            {fields}
          </span>
        ) : null}
        <span className="block text-small text-soft">{state.join(' · ')}</span>
      </button>
      <Menu trigger={<IconButton icon={EllipsisIcon} label={t('forms.actionsFor', { name })} />}>
        <Item icon={Trash2Icon} danger onSelect={() => attempt(() => deleteForm(form))}>
          {t('forms.delete')}
        </Item>
      </Menu>
    </li>
  )
}

interface BeginningProps {
  icon: LucideIcon
  name: string
  about: string
  onClick: () => void
  ref?: Ref<HTMLButtonElement>
}

function Beginning({ icon: Icon, name, about, onClick, ref }: BeginningProps) {
  return (
    <button
      ref={ref}
      type="button"
      onClick={onClick}
      className="flex items-start gap-3 rounded-box border border-line bg-raised px-4 py-3 text-left transition-colors hover:border-line-strong hover:bg-hover"
    >
      <Icon aria-hidden className="mt-1 text-ember-text" />
      <span className="min-w-0">
        <span className="block font-medium text-row">{name}</span>
        <span className="block text-small text-pretty text-soft">{about}</span>
      </span>
    </button>
  )
}
