import { DeleteDialog } from './delete-dialog.tsx'
import { DetailsDialog } from './details-dialog.tsx'
import { useModelDialog } from './model-dialog-store.ts'
import { NameDialog } from './name-dialog.tsx'

/** The dialog that lies over the page, if one does. */
export function ModelDialog() {
  const open = useModelDialog(state => state.open)
  if (!open) return null
  const { matter, model } = open
  if (matter === 'details') return <DetailsDialog model={model} />
  if (matter === 'delete') return <DeleteDialog model={model} />
  return <NameDialog model={model} matter={matter} />
}
