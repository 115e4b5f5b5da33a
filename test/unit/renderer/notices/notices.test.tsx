// @vitest-environment happy-dom
import { screen } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Notice } from '../../../../preload/contract.ts'
import { noticeWords } from '../../../../renderer/features/notices/notice-words.ts'
import { Notices } from '../../../../renderer/features/notices/notices.tsx'
import { useNotices } from '../../../../renderer/features/notices/notices-store.ts'
import { textWith } from '../../../../renderer/i18n/i18n.ts'
import { everyNotice } from '../../every-notice.ts'
import { type FakeHearth, installHearth } from '../fake-hearth.ts'
import { stage } from '../stage.tsx'

let hearth: FakeHearth

beforeEach(() => {
  hearth = installHearth()
  useNotices.setState({ notices: [] })
})

const path = '/home/lena/<b>conversations</b>.db'

describe('notices', () => {
  it.each(everyNotice)('$code is told in words, with no value left open', notice => {
    const { title, text } = noticeWords(notice)
    expect(textWith(title, notice.values) + textWith(text, notice.values)).not.toMatch(/\{\{|undefined|notices\./)
  })

  it('tell apart why a database cannot be opened', () => {
    const reasons = ['locked', 'newer', 'read-only', 'disk-full', 'unreadable'] as const
    const texts = reasons.map(reason => noticeWords({ code: 'database-unavailable', values: { path, reason } }).text)
    expect(new Set(texts).size).toBe(reasons.length)
  })

  it('tell apart what was rescued and what was lost', () => {
    const words = (conversations: number) =>
      noticeWords({ code: 'database-set-aside', values: { path, at: 0, conversations, messages: 0 } }).text
    expect(words(3)).not.toBe(words(0))
  })

  it('tell what a model that stepped down lacks', () => {
    const sizes = { askedContext: 32768, context: 8192, askedLayers: 33, layers: 20 }
    const texts = (['context', 'graphics', 'both'] as const).map(
      reason => noticeWords({ code: 'model-stepped-down', values: { model: 'm', reason, ...sizes } }).text,
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
