// @vitest-environment happy-dom
import { screen } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Notice } from '../../../../preload/contract.ts'
import { noticeSchema } from '../../../../preload/contract-app.ts'
import { noticeWords } from '../../../../renderer/features/notices/notice-words.ts'
import { Notices } from '../../../../renderer/features/notices/notices.tsx'
import { useNotices } from '../../../../renderer/features/notices/notices-store.ts'
import { textWith } from '../../../../renderer/i18n/i18n.ts'
import { type FakeHearth, installHearth } from '../fake-hearth.ts'
import { stage } from '../stage.tsx'

let hearth: FakeHearth

beforeEach(() => {
  hearth = installHearth()
  useNotices.setState({ notices: [] })
})

const path = '/home/lena/<b>conversations</b>.db'
const values = {
  message: 'no such file',
  path,
  conversations: '12',
  messages: '340',
  reason: 'locked',
  wanted: '11434',
  address: 'http://x',
  model: 'm:latest',
  askedContext: '32768',
  context: '8192',
  askedLayers: '33',
  layers: '20',
  packages: 'hearth-gpu-vulkan',
  version: '1.2.3',
}

describe('notices', () => {
  it.each(noticeSchema.shape.code.options)('%s is told in words, with no value left open', code => {
    const { title, text } = noticeWords({ id: 'n', code, values })
    expect(textWith(title, values) + textWith(text, values)).not.toMatch(/\{\{|undefined|notices\./)
  })

  it.each(['locked', 'newer', 'read-only', 'disk-full', 'unreadable'])(
    'a database that is %s has words of its own',
    reason => {
      const texts = ['locked', 'newer', 'read-only', 'disk-full', 'unreadable'].map(
        each => noticeWords({ id: 'n', code: 'database-unavailable', values: { reason: each } }).text,
      )
      const own = noticeWords({ id: 'n', code: 'database-unavailable', values: { reason } }).text
      expect(texts.filter(text => text === own)).toHaveLength(1)
    },
  )

  it('tell apart what was rescued and what was lost', () => {
    const words = (conversations: string) =>
      noticeWords({ id: 'n', code: 'database-set-aside', values: { path, conversations } }).text
    expect(words('3')).not.toBe(words('0'))
  })

  it('tell what a model that stepped down lacks', () => {
    const texts = ['context', 'graphics', 'both'].map(
      reason => noticeWords({ id: 'n', code: 'model-stepped-down', values: { ...values, reason } }).text,
    )
    expect(new Set(texts).size).toBe(3)
  })

  it('show a path as it is, never as HTML, and go when they are read', async () => {
    const notice: Notice = { id: 'n1', code: 'settings-set-aside', values: { path } }
    useNotices.setState({ notices: [notice] })
    const page = stage(<Notices />).container
    expect(page.querySelector('b')).toBeNull()
    expect(page.textContent).toContain(path)
    await userEvent.click(screen.getByRole('button', { name: 'Dismiss' }))
    expect(hearth.inputsOf('app.dismissNotice')).toEqual([{ id: 'n1' }])
  })
})
