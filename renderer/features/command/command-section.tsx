import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Command, MenuEntryState } from '../../../preload/contract.ts'
import { call } from '../../state/bridge.ts'
import { attempt } from '../../state/perform.ts'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Row, Section } from '../../ui/page.tsx'
import { Switch } from '../../ui/switch.tsx'
import { changeCommand, lookForCommand, useCommand } from './command-store.ts'

/** Whether a terminal finds `hearth`, and what can be done about it; nothing for a copy without the command. */
export function CommandSection() {
  const { t } = useTranslation()
  const { command } = useCommand()
  useEffect(() => attempt(lookForCommand), [])
  if (command === null) return null
  const { changeable, laid } = command
  const state = stateOf(command)
  const change = (what: 'command.install' | 'command.remove') => attempt(() => changeCommand(what))
  return (
    <Section title={t('command.title')}>
      <Row name={t('command.name')} hint={t(`command.${state}`, { path: command.path, found: command.found ?? '' })}>
        {/* One button in both states: it keeps the focus of who has pressed it. */}
        {changeable && laid !== 'foreign' ? (
          <Button onClick={() => change(laid === 'this' ? 'command.remove' : 'command.install')}>
            {t(labels[laid])}
          </Button>
        ) : null}
        {state === 'offPath' ? <ProfileLine path={command.path} /> : null}
      </Row>
      <MenuEntryRow />
    </Section>
  )
}

const labels = {
  nothing: 'command.install',
  'other-hearth': 'command.replace',
  this: 'command.remove',
} as const

/** Whether Hearth is in the desktop's menu; nothing where a package or the system sees to that. */
function MenuEntryRow() {
  const { t } = useTranslation()
  const [state, setState] = useState<MenuEntryState | null>(null)
  const look = async () => setState((await call('menuEntry.look', {})).state)
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the page opens
  useEffect(() => attempt(look), [])
  if (state === null) return null
  const change = async (on: boolean) => {
    await call('menuEntry.change', { on })
    await look()
  }
  return (
    <Row name={t('command.menu')} hint={t('command.menuHint')}>
      <Switch
        labelHidden
        label={t('command.menu')}
        checked={state === 'this'}
        onChange={on => attempt(() => change(on))}
      />
    </Row>
  )
}

function stateOf({ changeable, found, laid, works }: Command) {
  if (works) return 'works'
  if (laid === 'foreign') return 'foreign'
  if (laid === 'other-hearth') return 'otherHearth'
  if (laid === 'nothing') return found === null ? 'absent' : 'elsewhere'
  if (found !== null) return 'shadowed'
  return changeable ? 'offPath' : 'outside'
}

/** The line that puts the command's folder on the PATH. */
function ProfileLine({ path }: { path: string }) {
  const { t } = useTranslation()
  const line = `export PATH="${path.slice(0, path.lastIndexOf('/'))}:$PATH"`
  return (
    <div className="flex w-full items-center justify-between gap-1 rounded-small border border-line bg-raised py-0.5 pr-1 pl-3">
      <code className="min-w-0 font-mono text-small break-all select-all">{line}</code>
      <CopyButton text={line} label={t('command.copyLine')} />
    </div>
  )
}
