import { useTranslation } from 'react-i18next'
import type { OtherFolder } from '../../../preload/contract.ts'
import { fileSize } from '../../i18n/format.ts'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { useOtherFolders } from '../models/other-folders.ts'

/** Folders with models of Ollama's that Hearth does not use, and the button that takes one as it is. */
export function OtherFolders({ disabled, onUse }: { disabled: boolean; onUse: (path: string) => void }) {
  const { t, i18n } = useTranslation()
  const folders = useOtherFolders()
  if (!folders?.length) return null
  return (
    <section aria-label={t('settings.otherFolders')} className="mt-3 rounded-box border border-line px-4 pt-3">
      <h3 className="text-small text-faint">{t('settings.otherFolders')}</h3>
      <ul className="divide-y divide-line">
        {folders.map(folder => {
          const { path, access, models, bytes } = folder
          const size = fileSize(bytes, i18n.language)
          return (
            <li key={path} className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 py-3">
              <div className="min-w-0 flex-1 basis-72">
                <p dir="ltr" className="break-all text-ink select-text">
                  {path}
                </p>
                {access === 'none' ? null : (
                  <p className="text-soft">{t('settings.otherModels', { count: models, size })}</p>
                )}
                {access === 'all' ? null : <p className="text-soft">{t(`settings.other_${access}`)}</p>}
                {access === 'none' ? <Allowing folder={folder} /> : null}
              </div>
              {access === 'none' ? null : (
                <Button
                  disabled={disabled}
                  aria-label={t('settings.useThisNamed', { folder: path })}
                  onClick={() => onUse(path)}
                >
                  {t('settings.useThis')}
                </Button>
              )}
            </li>
          )
        })}
      </ul>
    </section>
  )
}

/**
 * The home that Ollama's installation script gives its service, and what lets everybody read the models in it alone.
 */
const serviceHome = '/usr/share/ollama'
const allowingCommand = `sudo chmod o+x ${serviceHome} ${serviceHome}/.ollama && sudo chmod -R o+rX ${serviceHome}/.ollama/models`

/** What an administrator types so that a folder's models may be read; nothing where that is not known. */
function Allowing({ folder }: { folder: OtherFolder }) {
  const { t } = useTranslation()
  if (folder.path !== serviceHome) return null
  const name = t('settings.forAdministrator')
  return (
    <details className="pt-1">
      <summary className="w-fit cursor-pointer text-soft transition-colors hover:text-ink">{name}</summary>
      <div className="mt-1.5 flex items-start gap-2 rounded-small bg-sunk py-1.5 pr-1.5 pl-3">
        <code dir="ltr" className="min-w-0 flex-1 py-0.5 font-mono break-words select-text">
          {allowingCommand}
        </code>
        <CopyButton text={allowingCommand} label={t('manage.copyOf', { name })} />
      </div>
    </details>
  )
}
