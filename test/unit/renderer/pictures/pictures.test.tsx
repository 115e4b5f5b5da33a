// @vitest-environment happy-dom
import { act, fireEvent, screen, waitFor } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Attachment } from '../../../../preload/contract.ts'
import { openConversation } from '../../../../renderer/features/chat/chat-store.ts'
import { Composer } from '../../../../renderer/features/chat/composer.tsx'
import { startEditing, stopEditing } from '../../../../renderer/features/chat/editing.ts'
import { Question } from '../../../../renderer/features/chat/question.tsx'
import { useModels } from '../../../../renderer/features/models/models-store.ts'
import { addPictures } from '../../../../renderer/features/pictures/draft-pictures.ts'
import { isPlain } from '../../../../renderer/features/pictures/encode-picture.ts'
import { useConversations } from '../../../../renderer/state/conversations.ts'
import { changeDraft } from '../../../../renderer/state/drafts.ts'
import { aConversation, aMessage, type FakeHearth, installHearth, problem } from '../fake-hearth.ts'
import { stage } from '../stage.tsx'

const model = { size: 1, parameters: '', demo: false, chats: true, sees: true, abilities: [], changedAt: 0 }
const seer = { ...model, name: 'seer' }
const blind = { ...model, name: 'tiny', sees: false }

const aPicture = (letter: string, name = `${letter}.png`): Attachment => ({
  hash: letter.repeat(64),
  name,
  type: 'image/png',
  width: 4,
  height: 4,
  bytes: 9,
})

let hearth: FakeHearth
let refusal: object | null
let added: number

/** A decoder that takes every file: what real ones do with real files is shown in test/e2e/pictures.spec.ts. */
class Canvas {
  constructor(
    readonly width: number,
    readonly height: number,
  ) {}
  getContext() {
    const data = new Uint8ClampedArray(this.width * this.height * 4)
    return { fillRect() {}, drawImage() {}, getImageData: () => ({ data }) }
  }
  convertToBlob = async () => new Blob([new Uint8Array([this.width, this.height])])
}

beforeEach(async () => {
  vi.stubGlobal('createImageBitmap', async () => ({ width: 4, height: 4, close() {} }))
  vi.stubGlobal('OffscreenCanvas', Canvas)
  refusal = null
  added = 0
  hearth = installHearth({
    'drafts.get': () => ({ text: '', attachments: [] }),
    'attachments.inspect': () => {
      if (refusal) throw refusal
      return { type: 'image/png', width: 4, height: 4 }
    },
    'attachments.add': ({ name }) => aPicture('abcdefghijkl'[added++] ?? 'z', name),
    'conversations.send': () => {
      if (refusal) throw refusal
      return { conversationId: 'c1', questionId: 'q', replyId: 'r' }
    },
  })
  useModels.setState({ models: [seer, blind], problem: null, picked: {}, pickerOpen: false, afterPick: null })
  useConversations.setState({ conversations: [aConversation({ id: 'c1', model: 'seer' })] })
  await open('c1', [])
})

afterEach(() => {
  vi.unstubAllGlobals()
  stopEditing(question)
  for (const id of ['c1', 'c2', null]) changeDraft(id, { text: '', attachments: [] })
})

async function open(id: string, messages = [aMessage({ id: 'a' })]) {
  await act(async () => {
    openConversation(id)
    hearth.emit('conversations.watch', { type: 'all', conversation: aConversation({ id }), messages })
  })
}

const question = aMessage({ id: 'q', role: 'user', attachments: [aPicture('a'), aPicture('b')] })
const file = (name: string) => new File(['some bytes'], name, { type: 'image/png' })
const box = () => screen.getByRole('textbox', { name: 'Your message' })
const send = () => screen.getByRole<HTMLButtonElement>('button', { name: 'Send' })
const tiles = () => screen.queryAllByRole('img').map(({ attributes }) => attributes.getNamedItem('alt')?.value)
const sent = () => hearth.inputsOf('conversations.send').map(({ attachments }) => attachments)
const paste = (files: File[], types = ['Files']) => fireEvent.paste(box(), { clipboardData: { files, types } })

describe('pictures in the composer', () => {
  it('are sent, also alone, and leave the box with the question', async () => {
    stage(<Composer />)
    paste([file('one.png'), file('two.png')])
    await waitFor(() => expect(tiles()).toEqual(['one.png', 'two.png']))
    await userEvent.click(screen.getByRole('button', { name: 'Remove one.png' }))
    await userEvent.click(send())
    await waitFor(() => expect(tiles()).toEqual([]))
    expect(sent()).toEqual([[{ hash: 'b'.repeat(64), name: 'two.png' }]])
  })

  it('stay when main refuses the question', async () => {
    stage(<Composer />)
    paste([file('one.png')])
    await waitFor(() => expect(tiles()).toEqual(['one.png']))
    refusal = problem('disk-full')
    await userEvent.click(send())
    await waitFor(() => expect(send().disabled).toBe(false))
    expect(tiles()).toEqual(['one.png'])
  })

  it('are kept for each chat', async () => {
    const page = stage(<Composer />)
    paste([file('one.png')])
    await waitFor(() => expect(tiles()).toEqual(['one.png']))
    await open('c2')
    expect(tiles()).toEqual([])
    page.unmount()
    await waitFor(() =>
      expect(hearth.inputsOf('drafts.keep')).toContainEqual({
        conversationId: 'c1',
        text: '',
        attachments: [aPicture('a', 'one.png')],
      }),
    )
    await open('c1')
    stage(<Composer />)
    expect(tiles()).toEqual(['one.png'])
  })

  // A table copied from an office program comes with a picture of itself.
  it('are not taken from a paste that has text', async () => {
    stage(<Composer />)
    paste([file('table.png')], ['text/plain', 'Files'])
    await act(async () => {})
    expect(hearth.inputsOf('attachments.add')).toEqual([])
  })

  it('take ten; the others are left out, with a word', async () => {
    stage(<Composer />)
    paste(Array.from({ length: 50 }, (_, index) => file(`${index}.png`)))
    await screen.findByText('A question takes up to 10 pictures and files; 40 were left out.')
    expect(tiles()).toHaveLength(10)
  })

  it('leave the others alone when one is none', async () => {
    stage(<Composer />)
    paste([file('one.png')])
    await waitFor(() => expect(tiles()).toEqual(['one.png']))
    refusal = problem('not-a-picture')
    paste([file('notes.txt')])
    await screen.findByText(/^notes.txt was not added. This is no picture Hearth can read. It takes PNG, JPEG/)
    expect(tiles()).toEqual(['one.png'])
  })

  // Of twenty that were dropped, nineteen would be gone without a word.
  it('are counted when several are refused, and what helps is said', async () => {
    stage(<Composer />)
    refusal = problem('picture-too-large')
    paste([file('one.png'), file('two.png'), file('three.png')])
    await screen.findByText(/^three.png was not added. .* make the picture smaller. Nor were 2 others.$/)
    refusal = null
    paste([file('four.png')])
    await waitFor(() => expect(screen.queryByRole('alert')).toBeNull())
  })

  it('are not sent to a model that cannot see: it says so and offers one that can', async () => {
    useModels.setState({ picked: { c1: 'tiny' } })
    stage(<Composer />)
    paste([file('one.png')])
    await screen.findByText('tiny cannot see pictures.')
    await userEvent.type(box(), 'What is this?{Enter}')
    expect(sent()).toEqual([])
    await userEvent.click(screen.getByRole('button', { name: 'Use seer' }))
    await userEvent.click(send())
    await waitFor(() => expect(hearth.inputsOf('conversations.send')).toMatchObject([{ model: 'seer' }]))
  })

  it('of earlier questions stop nobody, but it is said that they are not seen', async () => {
    useModels.setState({ models: [blind], picked: { c1: 'tiny' } })
    await open('c1', [aMessage({ id: 'q', role: 'user', attachments: [aPicture('a')] }), aMessage({ id: 'r' })])
    stage(<Composer />)
    expect(screen.getByText(/tiny cannot see the pictures of this chat/)).toBeTruthy()
    await userEvent.type(box(), 'And now?{Enter}')
    expect(sent()).toEqual([undefined])
  })
})

describe('pictures of a question', () => {
  it('are shown large, one after the other, until Escape', async () => {
    stage(<Question message={question} />)
    await userEvent.click(screen.getByRole('button', { name: 'Show a.png large' }))
    expect(screen.getByRole('dialog', { name: 'a.png' })).toBeTruthy()
    await userEvent.keyboard('{ArrowRight}')
    expect(screen.getByRole('dialog', { name: 'b.png' })).toBeTruthy()
    await userEvent.keyboard('{ArrowRight}{ArrowLeft}')
    expect(screen.getByRole('dialog', { name: 'b.png' })).toBeTruthy()
    await userEvent.keyboard('{Escape}')
    expect(screen.queryByRole('dialog')).toBeNull()
  })

  it('say that they are gone when the disk has them no longer', () => {
    stage(<Question message={question} />)
    fireEvent.error(screen.getByRole('img', { name: 'a.png' }))
    expect(screen.getAllByText('This picture is no longer there')).toHaveLength(1)
  })

  it('go with its edited version, but for those that are removed', async () => {
    stage(<Question message={question} />)
    await act(() => startEditing(question))
    await userEvent.click(screen.getByRole('button', { name: 'Remove a.png' }))
    await userEvent.click(screen.getByRole('button', { name: 'Send again' }))
    expect(sent()).toEqual([[{ hash: 'b'.repeat(64), name: 'b.png' }]])
  })

  // A pasted picture went nowhere, a dropped one into the composer.
  it('are joined by what is pasted into its edited version', async () => {
    stage(<Question message={question} />)
    await act(() => startEditing(question))
    const field = screen.getByRole('textbox', { name: 'Edit your question' })
    added = 2
    fireEvent.paste(field, { clipboardData: { files: [file('c.png')], types: ['Files'] } })
    await waitFor(() => expect(tiles()).toEqual(['a.png', 'b.png', 'c.png']))
    // Given up meanwhile, it does not come back with the picture alone.
    fireEvent.paste(field, { clipboardData: { files: [file('d.png')], types: ['Files'] } })
    await userEvent.keyboard('{Escape}')
    await act(async () => addPictures('c1', []))
    expect(screen.queryByRole('textbox')).toBeNull()
  })
})

it('a drawing has few colours, a photograph many', () => {
  expect(isPlain(new Uint32Array(1_000_000).fill(7))).toBe(true)
  expect(isPlain(Uint32Array.from({ length: 10_000 }, (_, index) => index))).toBe(false)
})
