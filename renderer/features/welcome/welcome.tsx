import { ArrowUpRightIcon, LockKeyholeIcon } from 'lucide-react'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { HearthMark } from '../../ui/hearth-mark.tsx'
import { sendQuestion } from '../chat/chat-store.ts'
import { useModels } from '../models/models-store.ts'
import { useNoneWords } from '../models/none-words.ts'
import { useModel } from '../models/use-model.ts'
import { FirstModel } from './first-model.tsx'

/** The empty state of a new chat: calm, private, with something to try. */
export function Welcome() {
  const { t } = useTranslation()
  const model = useModel(null)
  const noneWords = useNoneWords()
  const looked = useModels(state => state.models !== null)
  const examples = [t('welcome.first'), t('welcome.second'), t('welcome.third')]
  const asking = useRef(false)
  const ask = async (text: string) => {
    // The second click of a double one would begin another chat.
    if (asking.current) return
    asking.current = true
    await sendQuestion({ conversationId: null, text, attachments: [], model: model.name, parentId: null })
    asking.current = false
  }
  return (
    <div className="column-box flex min-h-0 flex-1 flex-col px-6">
      <div className="mx-auto my-auto flex w-full max-w-column flex-col items-center py-8 text-center">
        <HearthMark className="size-11" />
        <h2 className="mt-5 text-display leading-tight font-bold tracking-tight">{t('welcome.greeting')}</h2>
        <p className="mt-2 flex items-center gap-2 text-soft">
          <LockKeyholeIcon aria-hidden className="size-3.5" />
          {t('welcome.local')}
        </p>
        {looked && model.name === '' ? (
          <p className="mt-8 w-full max-w-[32rem] rounded-box border border-line bg-raised p-4 text-row text-soft">
            {t(noneWords)}
          </p>
        ) : (
          <section aria-label={t('welcome.examples')} className="mt-8 flex flex-wrap justify-center gap-2">
            {examples.map(question => (
              <button
                key={question}
                type="button"
                disabled={model.name === '' || model.missing}
                onClick={() => void ask(question)}
                className="group flex h-9 items-center gap-2 rounded-pill border border-line bg-raised pr-3 pl-4 text-row text-soft transition-colors hover:border-line-strong hover:text-ink"
              >
                {question}
                <ArrowUpRightIcon
                  aria-hidden
                  className="size-3.5 text-faint transition-colors group-hover:text-ember-text"
                />
              </button>
            ))}
          </section>
        )}
        {model.installed?.demo ? <p className="mt-6 -mb-2 text-small text-faint">{t('welcome.demo')}</p> : null}
        <FirstModel />
      </div>
    </div>
  )
}
