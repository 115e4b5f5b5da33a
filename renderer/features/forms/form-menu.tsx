import { ClipboardPasteIcon, CodeIcon, EllipsisIcon, Trash2Icon } from 'lucide-react'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Form } from '../../../preload/contract.ts'
import { attempt } from '../../state/perform.ts'
import { IconButton } from '../../ui/icon-button.tsx'
import { Item, Menu } from '../../ui/menu.tsx'
import { ApiCallDialog } from './api-call-dialog.tsx'
import { PasteDialog } from './builder/paste-dialog.tsx'
import { deleteForm } from './form-actions.ts'
import type { DraftForm } from './use-form-draft.ts'

/** What can be done with a form as a whole. */
export function FormMenu({ form, draft, model }: { form: Form; draft: DraftForm; model: string }) {
  const { t } = useTranslation()
  const [dialog, setDialog] = useState<'paste' | 'call' | null>(null)
  const button = useRef<HTMLButtonElement>(null)
  const close = { onClose: () => setDialog(null), returnTo: () => button.current }
  return (
    <>
      <Menu trigger={<IconButton ref={button} icon={EllipsisIcon} label={t('forms.actions')} />}>
        <Item icon={ClipboardPasteIcon} onSelect={() => setDialog('paste')}>
          {t('forms.pasteFields')}
        </Item>
        {draft.sound ? (
          <Item icon={CodeIcon} onSelect={() => setDialog('call')}>
            {t('forms.apiCall')}
          </Item>
        ) : null}
        <Item icon={Trash2Icon} danger onSelect={() => attempt(() => deleteForm(form))}>
          {t('forms.delete')}
        </Item>
      </Menu>
      {dialog === 'call' ? (
        <ApiCallDialog formId={form.id} draft={draft.draft} model={model} {...close} />
      ) : dialog === 'paste' ? (
        <PasteDialog
          title={t('forms.pasteFields')}
          button={t('forms.addPasted')}
          onFields={async fields => {
            const known = new Set(draft.draft.fields.map(({ key }) => key))
            const added = fields.filter(({ key }) => !known.has(key))
            await draft.tryChange(before => ({ ...before, fields: [...before.fields, ...added] }))
          }}
          {...close}
        />
      ) : null}
    </>
  )
}
