// @vitest-environment happy-dom
import { act, fireEvent, screen, waitFor, within } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { newChatAction, settingsAction } from '../../../../renderer/features/actions/actions.ts'
import { endRename } from '../../../../renderer/features/history/history-store.ts'
import { Sidebar } from '../../../../renderer/features/history/sidebar.tsx'
import { SidebarOverlay } from '../../../../renderer/features/history/sidebar-overlay.tsx'
import { useSidebarOverlay } from '../../../../renderer/features/history/sidebar-state.ts'
import { useConversations } from '../../../../renderer/state/conversations.ts'
import { go, usePlace } from '../../../../renderer/state/place.ts'
import { useToasts } from '../../../../renderer/state/toasts.ts'
import { aConversation, type FakeHearth, installHearth } from '../fake-hearth.ts'
import { stage } from '../stage.tsx'

let hearth: FakeHearth
const now = Date.now()
const chats = ['one', 'two', 'three'].map((title, index) => aConversation({ id: title, title, updatedAt: now - index }))
const row = (title: string) => screen.getByRole('button', { name: title })
const draw = () => stage(<Sidebar top={[newChatAction]} bottom={[settingsAction]} />)

beforeEach(() => {
  hearth = installHearth()
  useConversations.setState({ conversations: chats })
  useToasts.setState({ toasts: [] })
  endRename()
  go({ kind: 'chat', conversationId: null })
})

describe('the sidebar', () => {
  it('opens a chat and marks it as the current one', async () => {
    draw()
    await userEvent.click(row('two'))
    expect(usePlace.getState().place).toEqual({ kind: 'chat', conversationId: 'two' })
    expect(row('two').getAttribute('aria-current')).toBe('page')
  })

  it('is one Tab stop: a thousand chats must not stand between the keyboard and the composer', () => {
    draw()
    const nav = within(screen.getByRole('navigation', { name: 'Chats' }))
    const reachable = nav.getAllByRole('button').filter(button => button.tabIndex === 0 && button.dataset.conversation)
    expect(reachable).toEqual([row('one')])
  })

  it('moves with the arrow keys, Home and End, and opens with Enter', async () => {
    draw()
    row('one').focus()
    await userEvent.keyboard('{ArrowDown}')
    expect(document.activeElement).toBe(row('two'))
    await userEvent.keyboard('{End}{ArrowDown}')
    expect(document.activeElement).toBe(row('three'))
    await userEvent.keyboard('{Home}{Enter}')
    expect(usePlace.getState().place).toEqual({ kind: 'chat', conversationId: 'one' })
  })

  // A thousand rows at once held the first picture up for half a second.
  it('draws of many chats what can be in sight, the rest when idle, and all of them on the way to the last', async () => {
    const idle: (() => void)[] = []
    vi.stubGlobal('requestIdleCallback', (work: () => void) => idle.push(work))
    vi.stubGlobal('cancelIdleCallback', () => {})
    onTestFinished(() => void vi.unstubAllGlobals())
    const many = Array.from({ length: 130 }, (_, n) =>
      aConversation({ id: `c${n}`, title: `c${n}`, updatedAt: now - n }),
    )
    useConversations.setState({ conversations: many })
    draw()
    const rows = () => document.querySelectorAll('[data-conversation]').length
    expect(rows()).toBe(80)
    act(() => idle.shift()?.())
    expect(rows()).toBe(120)
    document.querySelector<HTMLElement>('[data-conversation=c0]')?.focus()
    await userEvent.keyboard('{End}')
    expect((document.activeElement as HTMLElement).dataset.conversation).toBe('c129')
  })

  // The focus went with the row, to nowhere.
  it('goes to the next row when one is deleted by its key, from the last to the one before', async () => {
    draw()
    row('two').focus()
    await userEvent.keyboard('{Delete}')
    expect(document.activeElement).toBe(row('three'))
    await userEvent.keyboard('{Delete}')
    expect(document.activeElement).toBe(row('two'))
  })

  it('renames in place: Enter keeps the new title', async () => {
    draw()
    row('two').focus()
    await userEvent.keyboard('{F2}')
    const field = screen.getByRole('textbox', { name: 'Title of the chat' })
    expect(document.activeElement).toBe(field)
    await userEvent.clear(field)
    await userEvent.type(field, '  zwei {Enter}')
    expect(hearth.inputsOf('conversations.rename')).toEqual([{ conversationId: 'two', title: 'zwei' }])
    expect(screen.queryByRole('textbox')).toBeNull()
    await waitFor(() => expect(document.activeElement).toBe(row('two')))
  })

  it('leaves the title with Escape, and asks nothing when it is unchanged', async () => {
    draw()
    row('two').focus()
    await userEvent.keyboard('{F2}')
    await userEvent.type(screen.getByRole('textbox'), 'other{Escape}')
    act(() => row('two').focus())
    await userEvent.keyboard('{F2}{Enter}')
    expect(hearth.inputsOf('conversations.rename')).toEqual([])
  })

  it('does not rename with the Enter of an input method', async () => {
    draw()
    row('two').focus()
    await userEvent.keyboard('{F2}')
    fireEvent.keyDown(screen.getByRole('textbox'), { key: 'Enter', isComposing: true })
    expect(screen.getByRole('textbox')).toBeTruthy()
  })

  it('deletes with an undo that brings the open chat back', async () => {
    go({ kind: 'chat', conversationId: 'two' })
    draw()
    row('two').focus()
    await userEvent.keyboard('{Delete}')
    expect(hearth.inputsOf('conversations.delete')).toEqual([{ conversationId: 'two' }])
    await waitFor(() => expect(usePlace.getState().place).toEqual({ kind: 'chat', conversationId: null }))
    await userEvent.click(await screen.findByRole('button', { name: 'Undo' }))
    expect(hearth.inputsOf('conversations.restore')).toEqual([{ conversationId: 'two' }])
    await waitFor(() => expect(usePlace.getState().place).toEqual({ kind: 'chat', conversationId: 'two' }))
  })

  it('leaves the person where they are when a chat is taken back from somewhere else', async () => {
    go({ kind: 'chat', conversationId: 'two' })
    draw()
    row('two').focus()
    await userEvent.keyboard('{Delete}')
    const undo = await screen.findByRole('button', { name: 'Undo' })
    act(() => go({ kind: 'settings' }))
    await userEvent.click(undo)
    expect(hearth.inputsOf('conversations.restore')).toEqual([{ conversationId: 'two' }])
    await waitFor(() => expect(screen.queryByRole('button', { name: 'Undo' })).toBeNull())
    expect(usePlace.getState().place).toEqual({ kind: 'settings' })
  })

  it('knows which chat was open although main tells of the end of it before it answers', async () => {
    hearth.answers['conversations.delete'] = () => {
      go({ kind: 'chat', conversationId: null }, { replace: true })
      return {}
    }
    go({ kind: 'chat', conversationId: 'two' })
    draw()
    row('two').focus()
    await userEvent.keyboard('{Delete}')
    await userEvent.click(await screen.findByRole('button', { name: 'Undo' }))
    await waitFor(() => expect(usePlace.getState().place).toEqual({ kind: 'chat', conversationId: 'two' }))
  })

  it('offers the same by menu', async () => {
    draw()
    await userEvent.click(screen.getByRole('button', { name: 'Actions for “three”' }))
    await userEvent.click(await screen.findByRole('menuitem', { name: /Delete/ }))
    expect(hearth.inputsOf('conversations.delete')).toEqual([{ conversationId: 'three' }])
    // The focus fell to the page with the row whose menu it was.
    await waitFor(() => expect(document.activeElement?.getAttribute('aria-label')).toBe('Actions for “three”'))
    act(() => useConversations.setState({ conversations: chats.filter(({ id }) => id !== 'three') }))
    expect(document.activeElement).toBe(row('two'))
  })

  it('says so when a chat cannot be deleted', async () => {
    hearth.answers['conversations.delete'] = () => {
      throw { code: 'database', message: 'locked' }
    }
    draw()
    row('one').focus()
    await userEvent.keyboard('{Delete}')
    expect(await screen.findByText('Your data cannot be written right now')).toBeTruthy()
  })

  it('shows which chat is being answered', () => {
    useConversations.setState({ conversations: [{ ...chats[0]!, answering: 'r' }] })
    draw()
    expect(screen.getByRole('img', { name: 'Answering' })).toBeTruthy()
  })

  it('gives a chat without a title a name', () => {
    useConversations.setState({ conversations: [aConversation({ id: 'x', title: '', updatedAt: now })] })
    draw()
    expect(row('Untitled chat')).toBeTruthy()
  })
})

/** Its page as the window has it: the overlay only while it is open, and something that had the focus before. */
function Page() {
  const { open } = useSidebarOverlay()
  return (
    <>
      <textarea aria-label="Composer" />
      {open ? <SidebarOverlay top={[newChatAction]} bottom={[settingsAction]} /> : null}
    </>
  )
}

describe('the sidebar over a narrow window', () => {
  // With the focus on nothing, a person at the keyboard starts again at the top of the window.
  it('gives the focus back when the person turns away from it', async () => {
    stage(<Page />)
    const composer = screen.getByRole('textbox', { name: 'Composer' })
    composer.focus()
    act(() => useSidebarOverlay.setState({ open: true }))
    expect(document.activeElement).toBe(screen.getByRole('dialog', { name: 'Sidebar' }))
    await userEvent.keyboard('{Escape}')
    await waitFor(() => expect(document.activeElement).toBe(composer))
  })
})
