// @vitest-environment happy-dom
import { act, fireEvent, screen } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { changeLanguage } from '../../../../renderer/i18n/i18n.ts'
import { showToast, useToasts } from '../../../../renderer/state/toasts.ts'
import { stage } from '../stage.tsx'

const undo = { label: 'app.undo', perform: () => {} } as const
const show = () => act(() => showToast({ text: 'history.deleted', values: { title: 'Rome' }, action: undo }))
const wait = (seconds: number) => act(() => vi.advanceTimersByTime(seconds * 1000))
const shown = () => screen.queryAllByRole('button', { name: 'Undo' }).length

beforeEach(() => {
  vi.useFakeTimers()
  useToasts.setState({ toasts: [] })
  stage(null)
})

afterEach(async () => {
  vi.useRealTimers()
  await act(() => changeLanguage('en'))
})

describe('a message of the app', () => {
  it('leaves after eight seconds, although the window lost the focus', () => {
    show()
    fireEvent.blur(window)
    wait(7)
    expect(shown()).toBe(1)
    wait(2)
    expect(shown()).toBe(0)
  })

  it('stays while the focus is in it, and leaves after it went', () => {
    show()
    vi.spyOn(document, 'hasFocus').mockReturnValue(true)
    screen.getByRole('button', { name: 'Undo' }).focus()
    wait(30)
    expect(shown()).toBe(1)
    act(() => (document.activeElement as HTMLElement).blur())
    wait(9)
    expect(shown()).toBe(0)
  })

  // Those behind went while a person was on the way to their Undo.
  it('stays while the focus is in one that lies on it', () => {
    show()
    show()
    vi.spyOn(document, 'hasFocus').mockReturnValue(true)
    screen.getAllByRole('button', { name: 'Undo' })[1]?.focus()
    wait(30)
    expect(shown()).toBe(2)
    act(() => (document.activeElement as HTMLElement).blur())
    wait(9)
    expect(shown()).toBe(0)
  })

  it('stays while the pointer moves on one that lies on it, and leaves once that is elsewhere', () => {
    show()
    show()
    const stack = screen.getAllByRole('listitem')[0]!.parentElement!
    const matches = stack.matches.bind(stack)
    let hovered = true
    const isMatched = (selector: string) => (selector === ':hover' ? hovered : matches(selector))
    Object.defineProperty(stack, 'matches', { value: isMatched })
    fireEvent.pointerMove(screen.getAllByRole('listitem')[1]!)
    wait(30)
    expect(shown()).toBe(2)
    hovered = false
    wait(9)
    expect(shown()).toBe(0)
  })

  it('does not stay as one was closed by its focus before', () => {
    show()
    show()
    vi.spyOn(document, 'hasFocus').mockReturnValue(true)
    const close = screen.getAllByRole('button', { name: 'Close' })[1]!
    close.focus()
    fireEvent.click(close)
    expect(shown()).toBe(1)
    wait(9)
    expect(shown()).toBe(0)
  })

  it('is not held by one beside it that was closed under the pointer', () => {
    show()
    show()
    const [first] = screen.getAllByRole('button', { name: 'Close' })
    if (!first) throw new Error('no toast')
    fireEvent.pointerMove(first)
    fireEvent.click(first)
    expect(shown()).toBe(1)
    wait(9)
    expect(shown()).toBe(0)
  })

  // It went with the first Escape, whatever that was for, and its Undo with it.
  it('is closed by Escape where the focus is in it, and by no other', () => {
    show()
    fireEvent.keyDown(document.body, { key: 'Escape' })
    expect(shown()).toBe(1)
    const undo = screen.getByRole('button', { name: 'Undo' })
    undo.focus()
    fireEvent.keyDown(undo, { key: 'Escape' })
    expect(shown()).toBe(0)
  })

  it('speaks the language the window speaks now', async () => {
    show()
    await act(() => changeLanguage('zh-CN'))
    expect(screen.getByText('已删除“Rome”。')).toBeTruthy()
    expect(screen.getByRole('button', { name: '撤销' })).toBeTruthy()
  })
})
