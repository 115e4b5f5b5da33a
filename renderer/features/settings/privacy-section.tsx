import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Connection } from '../../../preload/contract.ts'
import { fileSize, shortMoment } from '../../i18n/format.ts'
import { call, subscribe } from '../../state/bridge.ts'
import { attempt } from '../../state/perform.ts'
import { Button } from '../../ui/button.tsx'
import { Section } from '../../ui/page.tsx'
import { ScrollBox } from '../../ui/scroll-box.tsx'

/** Connections in sight before "show all". */
const shown = 10

/** Every connection that Hearth has made to another computer. */
export function PrivacySection() {
  const { t } = useTranslation()
  const [connections, setConnections] = useState<readonly Connection[]>([])
  const [all, setAll] = useState(false)
  useEffect(() => subscribe('connections.watch', {}, setConnections), [])
  const clear = async () => {
    await call('connections.clear', {})
  }
  return (
    <Section title={t('settings.privacy')}>
      <div className="py-4">
        <p className="pb-3 text-small text-soft">
          {t(connections.length === 0 ? 'settings.noConnections' : 'settings.connections')}
        </p>
        {connections.length === 0 ? null : (
          <>
            <ScrollBox label={t('settings.privacy')}>
              <table className="w-full text-left text-small">
                <thead className="text-tiny text-faint">
                  <tr>
                    {(['when', 'where', 'why', 'received', 'sent'] as const).map(name => (
                      <th key={name} scope="col" className="pr-4 pb-1 font-normal last:pr-0 nth-[n+4]:text-right">
                        {t(`settings.connection_${name}`)}
                      </th>
                    ))}
                  </tr>
                </thead>
                <tbody>
                  {connections.slice(0, all ? undefined : shown).map(connection => (
                    <ConnectionRow
                      key={`${connection.from} ${connection.host} ${connection.subject}`}
                      {...connection}
                    />
                  ))}
                </tbody>
              </table>
            </ScrollBox>
            <div className="flex gap-2 pt-3">
              {connections.length > shown && !all ? (
                <Button onClick={() => setAll(true)}>{t('settings.allConnections')}</Button>
              ) : null}
              <Button look="quiet" className="-ml-3" onClick={() => attempt(clear)}>
                {t('settings.clearConnections')}
              </Button>
            </div>
          </>
        )}
      </div>
    </Section>
  )
}

function ConnectionRow({ host, purpose, subject, until, received, sent }: Connection) {
  const { t, i18n } = useTranslation()
  const size = (bytes: number) => fileSize(bytes, i18n.language)
  return (
    <tr className="border-t border-line">
      <td className="py-1.5 pr-4 whitespace-nowrap text-soft tabular-nums">{shortMoment(until, i18n.language)}</td>
      <td className="py-1.5 pr-4 break-all">{host}</td>
      <td className="py-1.5 pr-4">{[t(`settings.purpose_${purpose}`), subject].filter(Boolean).join(' ')}</td>
      <td className="py-1.5 pr-4 text-right whitespace-nowrap tabular-nums">{size(received)}</td>
      <td className="py-1.5 text-right whitespace-nowrap tabular-nums">{size(sent)}</td>
    </tr>
  )
}
