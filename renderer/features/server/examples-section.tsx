import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Choice } from '../../ui/choice.tsx'
import { CodeBlock } from '../../ui/markdown/code-block.tsx'
import { useModel } from '../models/use-model.ts'
import { examples } from './examples.ts'

/** How other programs ask, ready to copy: this address, and the model a new chat would talk to. */
export function ExamplesSection({ address }: { address: string }) {
  const { t } = useTranslation()
  const model = useModel(null).name || 'hearth-demo'
  const [chosen, setChosen] = useState('curl')
  const example = examples.find(({ id }) => id === chosen) ?? examples[0]!
  return (
    <section aria-label={t('server.examples')} className="pt-9">
      <h2 className="pb-2 font-bold">{t('server.examples')}</h2>
      <Choice
        label={t('server.examples')}
        value={example.id}
        onChange={setChosen}
        choices={examples.map(({ id, name }) => ({ value: id, label: name }))}
      />
      <div className="mt-3">
        <CodeBlock key={example.id} code={example.code(address, model)} language={example.language} />
      </div>
    </section>
  )
}
