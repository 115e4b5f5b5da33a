import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { fileSize, number } from '../../../i18n/format.ts'
import { ollama } from '../../../state/ollama.ts'
import { CopyButton } from '../../../ui/copy-button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { ScrollBox } from '../../../ui/scroll-box.tsx'
import { FitLine } from '../discover/fit-line.tsx'
import { useFit } from '../fits-store.ts'
import type { InstalledModel } from '../installed-model.ts'
import { cardButton } from './model-card.tsx'
import { type ModelDetails, modelDetails } from './model-details.ts'
import { closeModelDialog } from './model-dialog-store.ts'

/** Everything a model says of itself. */
export function DetailsDialog({ model }: { model: InstalledModel }) {
  const { t } = useTranslation()
  const [details, setDetails] = useState<ModelDetails | 'failed'>()
  useEffect(() => {
    ollama.show({ model: model.name }).then(
      shown => setDetails(modelDetails(shown)),
      () => setDetails('failed'),
    )
  }, [model.name])
  return (
    <Dialog title={model.name} wide onClose={closeModelDialog} returnTo={() => cardButton(model.name)}>
      {details === 'failed' ? <p role="alert">{t('manage.detailsFailed')}</p> : null}
      {details && details !== 'failed' ? <Shown model={model} details={details} /> : null}
    </Dialog>
  )
}

function Shown({ model, details }: { model: InstalledModel; details: ModelDetails }) {
  const { t, i18n } = useTranslation()
  const { language } = i18n
  const { contextLength } = details
  const facts = [
    [t('manage.architecture'), details.architecture],
    [t('manage.parameterCount'), details.parameterCount],
    [t('manage.quantization'), details.quantization],
    [t('manage.contextLength'), contextLength && t('manage.tokens', { number: number(contextLength, language) })],
    [t('manage.size'), fileSize(model.size, language)],
  ] as const
  const fit = useFit(model.name)
  return (
    <>
      {fit ? (
        <p className="border-b border-line pb-3 text-row leading-normal">
          <FitLine fit={fit} looked={undefined} chats={model.chats} />
        </p>
      ) : null}
      <dl className="divide-y divide-line border-b border-line pb-1 text-row">
        {facts
          .filter(([, value]) => value)
          .map(([name, value]) => (
            <div key={name} className="flex justify-between gap-6 py-1.5">
              <dt className="text-soft">{name}</dt>
              <dd dir="auto" className="min-w-0 text-right break-words tabular-nums">
                {value}
              </dd>
            </div>
          ))}
      </dl>
      {(['system', 'template', 'settings', 'license', 'modelfile'] as const).map(name =>
        details[name] ? <Fold key={name} name={t(`manage.${name}`)} text={details[name]} /> : null,
      )}
    </>
  )
}

/** A long text behind its name. */
function Fold({ name, text }: { name: string; text: string }) {
  const { t } = useTranslation()
  return (
    <details className="border-b border-line text-row last:border-b-0">
      <summary className="cursor-pointer py-2.5 text-soft transition-colors hover:text-ink">{name}</summary>
      <div className="relative pb-3">
        <ScrollBox label={name} className="max-h-72 rounded-small bg-sunk py-3 pr-12 pl-4">
          <pre dir="auto" className="font-mono text-small leading-normal break-words whitespace-pre-wrap">
            {text}
          </pre>
        </ScrollBox>
        <div className="absolute top-1.5 right-3">
          <CopyButton text={text} label={t('manage.copyOf', { name })} />
        </div>
      </div>
    </details>
  )
}
