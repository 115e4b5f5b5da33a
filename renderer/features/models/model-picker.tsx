import { ChevronDownIcon, DownloadIcon, TriangleAlertIcon } from 'lucide-react'
import { DropdownMenu as Radix } from 'radix-ui'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { fileSize } from '../../i18n/format.ts'
import { attempt } from '../../state/perform.ts'
import { go } from '../../state/place.ts'
import { isQuickWindow } from '../../state/quick-window.ts'
import { Item, Menu, menuItemLook } from '../../ui/menu.tsx'
import { fitSentence } from './discover/fit-words.ts'
import { useFit } from './fits-store.ts'
import { chatting, type InstalledModel } from './installed-model.ts'
import { ModelTitle } from './model-title.tsx'
import { openPicker, pickModel, refreshModels, useModels } from './models-store.ts'
import { useNoneWords } from './none-words.ts'
import { useModel } from './use-model.ts'

/** Which model answers: shows it, and lets the person pick another that is on this computer. */
export function ModelPicker({ conversationId, onClose }: { conversationId: string | null; onClose: () => void }) {
  const { t } = useTranslation()
  const { name, missing } = useModel(conversationId)
  const noneWords = useNoneWords()
  const { models: installed, problem, pickerOpen } = useModels()
  const models = installed && chatting(installed)
  const trigger = (
    <button
      type="button"
      className={`flex h-8 max-w-72 min-w-0 items-center max-[30rem]:order-last max-[30rem]:max-w-none max-[30rem]:basis-full gap-2 rounded-pill border px-3 text-small transition-colors hover:border-line-strong hover:text-ink data-[state=open]:border-line-strong ${missing ? 'border-amber text-amber' : 'border-line text-soft'}`}
    >
      <span className="sr-only">{t('models.label')}</span>
      {missing ? <TriangleAlertIcon aria-hidden /> : null}
      {name ? (
        <ModelTitle name={name} />
      ) : (
        <span className="truncate">{t(models ? 'models.none' : 'models.choose')}</span>
      )}
      {missing ? <span className="flex-none">{t('models.missingShort')}</span> : null}
      <ChevronDownIcon aria-hidden className="size-3.5 flex-none text-faint" />
    </button>
  )
  return (
    <Menu
      trigger={trigger}
      align="start"
      side="top"
      className="w-88 max-w-[calc(100vw-2rem)]"
      open={pickerOpen}
      onOpenChange={openPicker}
      onCloseAutoFocus={event => {
        event.preventDefault()
        // The focus comes back a moment later: a press on another button may have opened the list again by then.
        if (!useModels.getState().pickerOpen) onClose()
      }}
    >
      <FocusKeeper models={installed} />
      {problem && !models ? (
        <Radix.Item onSelect={() => attempt(refreshModels)} className={`${menuItemLook} flex-col items-start gap-0`}>
          <span>{t('models.failed')}</span>
          <span className="text-small text-ember-text">{t('models.retry')}</span>
        </Radix.Item>
      ) : null}
      {!problem && !models ? (
        <Radix.Item disabled className={menuItemLook}>
          {t('models.loading')}
        </Radix.Item>
      ) : null}
      {models && models.length > 0 ? (
        <>
          <Radix.Label className="px-2.5 pt-1.5 pb-1 text-tiny text-faint">{t('models.installed')}</Radix.Label>
          <Radix.RadioGroup
            value={name}
            onValueChange={model => attempt(() => pickModel(conversationId, model))}
            className="max-h-80 overflow-y-auto"
          >
            {models.map(model => (
              <ModelRow key={model.name} model={model} />
            ))}
          </Radix.RadioGroup>
        </>
      ) : null}
      {models?.length === 0 ? <p className="px-2.5 pt-2 pb-1.5 text-tiny text-faint">{t(noneWords)}</p> : null}
      {isQuickWindow() ? null : (
        <>
          <Radix.Separator className="my-1 border-t border-line" />
          <Item icon={DownloadIcon} onSelect={() => go({ kind: 'models', view: 'discover' })}>
            {t('models.another')}
          </Item>
        </>
      )}
    </Menu>
  )
}

/** Gives the focus to the list when the model that had it is gone from it: no key would reach what is left. */
function FocusKeeper({ models }: { models: readonly InstalledModel[] | null }) {
  const here = useRef<HTMLSpanElement>(null)
  const before = useRef(models)
  // Not before the menu has let go of the item that is gone.
  useEffect(() => {
    if (before.current === models) return
    before.current = models
    if (document.activeElement !== document.body) return
    here.current?.closest<HTMLElement>('[role=menu]')?.focus({ preventScroll: true })
  }, [models])
  return <span ref={here} hidden />
}

function ModelRow({ model }: { model: InstalledModel }) {
  const { t, i18n } = useTranslation()
  const fit = useFit(model.name)
  return (
    <Radix.RadioItem value={model.name} className={`${menuItemLook} data-[state=checked]:bg-sunk`}>
      <span className="min-w-0 flex-1">
        <span className="flex items-center gap-2">
          <ModelTitle name={model.name} />
        </span>
        <span className="block text-tiny text-faint">
          {model.demo
            ? t('models.demoSentence')
            : [
                fileSize(model.size, i18n.language),
                model.parameters && t('models.parameters', { size: model.parameters }),
              ]
                .filter(Boolean)
                .join(' · ')}
        </span>
        {fit?.verdict === 'too-large' ? (
          <span className="block text-tiny text-rose">{fitSentence(fit, t, i18n.language)}</span>
        ) : null}
      </span>
      <Radix.ItemIndicator className="size-1.5 flex-none rounded-pill bg-ember" />
    </Radix.RadioItem>
  )
}
