import { BookmarkIcon, BookmarkPlusIcon, ChevronDownIcon, ListIcon, SparklesIcon } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../ui/button.tsx'
import { Item, Menu } from '../../ui/menu.tsx'
import { PresetNameDialog } from './preset-name-dialog.tsx'
import { PresetsDialog } from './presets-dialog.tsx'
import { allPresets, applyPreset, usePresets } from './presets-store.ts'

/** Presets to answer a chat with, and the way to keep how it is answered as another. */
export function PresetsMenu({ conversationId }: { conversationId: string | null }) {
  const { t } = useTranslation()
  const own = usePresets(state => state.own)
  const [dialog, setDialog] = useState<'save' | 'manage' | null>(null)
  const close = () => setDialog(null)
  return (
    <>
      <Menu
        align="start"
        className="w-(--radix-dropdown-menu-trigger-width)"
        trigger={
          <Button id={triggerId} className="w-full">
            <BookmarkIcon aria-hidden className="text-faint" />
            <span className="flex-1 text-left">{t('presets.use')}</span>
            <ChevronDownIcon aria-hidden className="size-3.5" />
          </Button>
        }
      >
        <div className="max-h-72 overflow-y-auto">
          {allPresets(own).map(preset => (
            <Item
              key={preset.id}
              icon={preset.builtin ? SparklesIcon : BookmarkIcon}
              onSelect={() => applyPreset(conversationId, preset)}
            >
              {preset.name}
            </Item>
          ))}
        </div>
        <div className="my-1 h-px bg-line" />
        <Item icon={BookmarkPlusIcon} onSelect={() => setDialog('save')}>
          {t('presets.save')}
        </Item>
        <Item icon={ListIcon} onSelect={() => setDialog('manage')}>
          {t('presets.manage')}
        </Item>
      </Menu>
      {dialog === 'save' ? (
        <PresetNameDialog conversationId={conversationId} onClose={close} returnTo={trigger} />
      ) : null}
      {dialog === 'manage' ? <PresetsDialog onClose={close} returnTo={trigger} /> : null}
    </>
  )
}

const triggerId = 'presets'
const trigger = () => document.getElementById(triggerId)
