import { CopyIcon, PencilIcon, SlidersHorizontalIcon, Trash2Icon } from 'lucide-react'
import type { Action } from '../../../state/action.ts'
import type { InstalledModel } from '../installed-model.ts'
import { makeFrom } from '../making/draft-store.ts'
import { openModelDialog } from './model-dialog-store.ts'

/** What can be done with a model on this computer, behind its card's button. */
export const modelActions: readonly Action<InstalledModel>[] = [
  {
    id: 'vary-model',
    name: 'making.vary',
    icon: SlidersHorizontalIcon,
    perform: model => makeFrom(model.name),
  },
  {
    id: 'copy-model',
    name: 'manage.copy',
    icon: CopyIcon,
    perform: model => openModelDialog('copy', model),
  },
  {
    id: 'rename-model',
    name: 'manage.rename',
    icon: PencilIcon,
    perform: model => openModelDialog('rename', model),
  },
  {
    id: 'delete-model',
    name: 'manage.delete',
    icon: Trash2Icon,
    danger: true,
    perform: model => openModelDialog('delete', model),
  },
]
