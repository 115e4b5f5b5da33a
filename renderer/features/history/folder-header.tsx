import { ChevronRightIcon, EllipsisIcon, FolderIcon } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Folder } from '../../../preload/contract.ts'
import { longest } from '../../../preload/contract-limits.ts'
import { attempt } from '../../state/perform.ts'
import { ActionItems, Menu } from '../../ui/menu.tsx'
import { endFolderRename, folderActions, renameFolder, toggleFolder, useFolders } from './folders.ts'
import { NameField } from './name-field.tsx'

/** A folder's name, which folds its chats away, and what can be done with it. */
export function FolderHeader({ folder, count }: { folder: Folder; count: number }) {
  const { t } = useTranslation()
  const open = useFolders(({ closed }) => !closed.has(folder.id))
  const renaming = useFolders(state => state.renaming === folder.id)
  if (renaming) {
    const end = (name: string | null) => (name === null ? endFolderRename() : attempt(() => renameFolder(folder, name)))
    return (
      <div className="pt-2">
        <NameField
          value={folder.name}
          label={t('history.folderField')}
          maxLength={longest.name}
          onEnd={end}
          onKeyEnd={() => document.querySelector<HTMLElement>(`[data-folder="${CSS.escape(folder.id)}"]`)?.focus()}
          className="h-8 w-full text-row"
        />
      </div>
    )
  }
  return (
    <div className="group/folder relative mt-2 flex h-8.5 items-center rounded-small transition-colors hover:bg-hover has-data-[state=open]:bg-hover">
      <button
        type="button"
        data-folder={folder.id}
        aria-expanded={open}
        onClick={() => toggleFolder(folder.id)}
        className="flex h-full min-w-0 flex-1 items-center gap-2 rounded-small px-2.5 text-left text-row text-soft -outline-offset-2"
      >
        <FolderIcon aria-hidden className="text-faint" />
        <span dir="auto" className="min-w-0 flex-1 truncate">
          {folder.name}
        </span>
        <span className="text-tiny text-faint tabular-nums transition-opacity group-focus-within/folder:opacity-0 group-hover/folder:opacity-0 group-has-data-[state=open]/folder:opacity-0">
          {count || ''}
        </span>
        <ChevronRightIcon
          aria-hidden
          className={`size-3.5 text-faint transition-transform group-focus-within/folder:opacity-0 group-hover/folder:opacity-0 group-has-data-[state=open]/folder:opacity-0 ${open ? 'rotate-90' : ''}`}
        />
      </button>
      <Menu
        trigger={
          <button
            type="button"
            aria-label={t('history.actionsFor', { title: folder.name })}
            className="absolute right-1 grid size-7 place-items-center rounded-small text-faint opacity-0 transition-colors group-focus-within/folder:opacity-100 group-hover/folder:opacity-100 hover:text-ink data-[state=open]:opacity-100"
          >
            <EllipsisIcon aria-hidden />
          </button>
        }
        align="start"
      >
        <ActionItems actions={folderActions} subject={folder} />
      </Menu>
    </div>
  )
}
