import { DownloadIcon, EllipsisIcon, Trash2Icon } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Form } from '../../../preload/contract.ts'
import { attempt } from '../../state/perform.ts'
import { IconButton } from '../../ui/icon-button.tsx'
import { Item, Menu } from '../../ui/menu.tsx'
import { deleteForm } from './form-actions.ts'
import { exportForm, formats } from './results/export-form.ts'
import type { FormDraft } from './use-form-draft.ts'

/** What can be done with a form as a whole. */
export function FormMenu({ form }: { form: Form; draft: FormDraft; model: string }) {
  const { t } = useTranslation()
  return (
    <Menu trigger={<IconButton icon={EllipsisIcon} label={t('forms.actions')} />}>
      {form.rows > 0
        ? formats.map(({ format, name }) => (
            <Item key={format} icon={DownloadIcon} onSelect={() => exportForm(form.id, format)}>
              {t(name)}
            </Item>
          ))
        : null}
      <Item icon={Trash2Icon} danger onSelect={() => attempt(() => deleteForm(form))}>
        {t('forms.delete')}
      </Item>
    </Menu>
  )
}
