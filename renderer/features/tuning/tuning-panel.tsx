import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { longest } from '../../../preload/contract-limits.ts'
import { fieldLook } from '../../ui/field-look.ts'
import { SidePanel } from '../../ui/side-panel.tsx'
import { useViewSize } from '../chat/view-size.ts'
import { useModel } from '../models/use-model.ts'
import { ParameterRow } from './parameter-row.tsx'
import { everydayParameters, furtherParameters, type Parameter } from './parameters.ts'
import { PresetsMenu } from './presets-menu.tsx'
import { setParameter, setSystem, useTuning, useTuningState } from './tuning-store.ts'

/** Beside a chat: what its model is told first, and how it answers. */
export function TuningPanel({ conversationId }: { conversationId: string | null }) {
  const { t } = useTranslation()
  const open = useTuningState(state => state.open)
  const { system } = useTuning(conversationId)
  const field = useId()
  if (!open) return null
  return (
    <SidePanel
      title={t('tuning.title')}
      closeLabel={t('app.close')}
      onClose={() => useTuningState.setState({ open: false })}
      className="w-80 max-[64rem]:bottom-0"
    >
      <div className="bar-in-padding min-h-0 flex-1 overflow-y-auto pt-5 pb-10 pl-5 [--padding:--spacing(5)]">
        <PresetsMenu conversationId={conversationId} />
        <label htmlFor={field} className="block pt-6 text-row">
          {t('tuning.system')}
        </label>
        <p className="pt-0.5 text-small leading-normal text-soft">{t('tuning.systemHint')}</p>
        <textarea
          id={field}
          value={system}
          rows={6}
          maxLength={longest.systemPrompt}
          placeholder={t('tuning.systemPlaceholder')}
          onChange={event => setSystem(conversationId, event.target.value)}
          className={`${fieldLook} mt-2 w-full resize-y leading-normal`}
        />
        {everydayParameters.map(parameter => (
          <Row key={parameter.name} parameter={parameter} conversationId={conversationId} />
        ))}
        <details className="group pt-6">
          <summary className="cursor-pointer text-row text-soft hover:text-ink">{t('tuning.further')}</summary>
          {furtherParameters.map(parameter => (
            <Row key={parameter.name} parameter={parameter} conversationId={conversationId} />
          ))}
        </details>
        <p className="pt-8 text-small leading-normal text-faint">
          {t(conversationId === null ? 'tuning.forNext' : 'tuning.forThis')}
        </p>
      </div>
    </SidePanel>
  )
}

function Row({ parameter, conversationId }: { parameter: Parameter; conversationId: string | null }) {
  const value = useTuning(conversationId).parameters[parameter.name]
  const isContext = parameter.name === 'num_ctx'
  const { size } = useViewSize(conversationId, useModel(conversationId).name, isContext)
  return (
    <ParameterRow
      parameter={parameter}
      value={value}
      // What holds while nothing is written there: no example, which may be more than the model can.
      placeholder={isContext ? String(size) : undefined}
      onChange={next => setParameter(conversationId, parameter.name, next)}
    />
  )
}
