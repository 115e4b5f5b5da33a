import { Trash2Icon } from 'lucide-react'
import { useRef } from 'react'
import { flushSync } from 'react-dom'
import { useTranslation } from 'react-i18next'
import { longest, mostExampleMessages } from '../../../../preload/contract-limits.ts'
import { sentences } from '../../../i18n/format.ts'
import { Button } from '../../../ui/button.tsx'
import { fieldLook } from '../../../ui/field-look.ts'
import { IconButton } from '../../../ui/icon-button.tsx'
import { Select } from '../../../ui/select.tsx'
import type { Example } from './draft.ts'
import { addExample, changeDraft, changeExample, removeExample, useDraft } from './draft-store.ts'
import { focusPart, Part } from './part.tsx'
import { TextField } from './text-field.tsx'

/** What the model is told before every chat: who it is, and examples. */
export function ToldPart() {
  const { t, i18n } = useTranslation()
  const system = useDraft(({ draft }) => draft.system)
  const messages = useDraft(({ draft }) => draft.messages)
  const facts = useDraft(state => state.facts)
  const list = useRef<HTMLOListElement>(null)
  const add = () => {
    flushSync(addExample)
    // The question, which is to be written first.
    list.current?.querySelector<HTMLElement>('li:nth-last-child(2) textarea')?.focus()
  }
  return (
    <Part title={t('making.told')}>
      <TextField
        label={t('making.system')}
        hint={t('making.systemHint')}
        placeholder={t('making.systemPlaceholder')}
        value={system}
        rows={5}
        most={longest.systemPrompt}
        onChange={value => changeDraft({ system: value })}
      />
      {facts?.system && system === '' ? (
        <p className="pt-1 text-small leading-normal text-soft">
          {t('making.systemOwn')}
          <q dir="auto" className="line-clamp-3 break-words italic">
            {facts.system}
          </q>
        </p>
      ) : null}
      <h3 className="pt-6 text-row">{t('making.examples')}</h3>
      <p className="text-small leading-normal text-soft">
        {sentences([t('making.examplesHint'), facts?.hasExamples ? t('making.examplesOwn') : null], i18n.language)}
      </p>
      <ol ref={list} className="grid grid-cols-1 gap-2 pt-2">
        {messages.map((message, index) => (
          <ExampleRow key={message.key} message={message} number={index + 1} />
        ))}
      </ol>
      <Button className="mt-2" disabled={messages.length + 2 > mostExampleMessages} onClick={add}>
        {t('making.addExample')}
      </Button>
    </Part>
  )
}

const roles = [
  ['user', 'making.roleUser'],
  ['assistant', 'making.roleAssistant'],
  ['system', 'making.roleSystem'],
] as const

function ExampleRow({ message, number }: { message: Example; number: number }) {
  const { t } = useTranslation()
  const { key, role, content } = message
  return (
    <li className="flex flex-wrap items-start gap-2">
      <Select
        aria-label={`${t('making.says', { number })}: ${t('making.role')}`}
        value={role}
        onChange={event => changeExample(key, { role: event.target.value as Example['role'] })}
        className="w-32"
      >
        {roles.map(([value, name]) => (
          <option key={value} value={value}>
            {t(name)}
          </option>
        ))}
      </Select>
      <textarea
        dir="auto"
        rows={1}
        maxLength={longest.systemPrompt}
        aria-label={t('making.says', { number })}
        value={content}
        onChange={event => changeExample(key, { content: event.target.value })}
        className={`${fieldLook} field-sizing-content max-h-48 min-h-9 min-w-48 flex-1 resize-none leading-normal`}
      />
      <IconButton
        icon={Trash2Icon}
        label={t('making.removeExample', { number })}
        onClick={({ currentTarget }) => {
          focusPart(currentTarget)
          removeExample(key)
        }}
      />
    </li>
  )
}
