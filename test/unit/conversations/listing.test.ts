import { expect, test, vi } from 'vitest'
import type { Folder } from '../../../preload/contract.ts'
import { hearth, model } from './opened-hearth.ts'
import { temporaryHome } from './temporary-home.ts'

/** A home with the folders its list shows. */
async function listed(home = temporaryHome()) {
  const opened = await hearth(home)
  let folders: Folder[] = []
  opened.conversations.watchList(event => {
    if (event.type === 'all') folders = event.folders
  })
  const ask = async (content: string) => {
    const sent = await opened.ask(content)
    opened.inference.last.write('Yes.')
    opened.inference.last.finish()
    return sent
  }
  return { ...opened, ask, folders: () => folders }
}

test('pins and folders are kept over a restart', async () => {
  const home = temporaryHome()
  const first = await listed(home)
  const { conversationId } = await first.ask('One?')
  const { listing } = first.conversations
  const { folderId } = await listing.createFolder('  Work ')
  await listing.createFolder('Home')
  await listing.pin(conversationId, true)
  await listing.move(conversationId, folderId)
  await listing.renameFolder(folderId, 'Office')
  expect(first.listed()).toMatchObject([{ id: conversationId, pinned: true, folderId }])
  await first.conversations.close()
  const again = await listed(home)
  expect(again.folders().map(({ name }) => name)).toEqual(['Home', 'Office'])
  expect(again.listed()).toMatchObject([{ pinned: true, folderId }])
})

test('a folder that is deleted gives its chats back to the list', async () => {
  const { conversations, ask, listed: shown, folders } = await listed()
  const { conversationId } = await ask('One?')
  const { folderId } = await conversations.listing.createFolder('Work')
  await conversations.listing.move(conversationId, folderId)
  await conversations.listing.deleteFolder(folderId)
  expect(folders()).toEqual([])
  expect(shown()).toMatchObject([{ id: conversationId, folderId: null }])
})

// Hours of sorting went with one click in the wrong menu.
test('a folder that was deleted is taken back with what it held, but for what has another place by now', async () => {
  const { conversations, ask, listed: shown, folders } = await listed()
  const { listing, trash } = conversations
  const [stays, moved, deleted] = [await ask('One?'), await ask('Two?'), await ask('Three?')]
  const { folderId: id } = await listing.createFolder('Work')
  const { folderId: other } = await listing.createFolder('Home')
  for (const { conversationId } of [stays, moved, deleted]) await listing.move(conversationId, id)
  await listing.delete(deleted.conversationId)
  const { conversationIds } = await listing.deleteFolder(id)
  expect(conversationIds.toSorted()).toEqual([stays, moved, deleted].map(sent => sent.conversationId).toSorted())
  await listing.move(moved.conversationId, other)
  const back = { id, name: 'Work', conversationIds }
  await Promise.all([listing.restoreFolder(back), listing.restoreFolder(back)])
  expect(folders().map(({ name }) => name)).toEqual(['Home', 'Work'])
  await listing.restore(deleted.conversationId)
  expect(await trash.list()).toEqual([])
  const placeOf = (sent: { conversationId: string }) =>
    shown().find(known => known.id === sent.conversationId)?.folderId
  expect([placeOf(stays), placeOf(moved), placeOf(deleted)]).toEqual([id, other, id])
})

test('a folder that is not there, or has no name, is refused', async () => {
  const { conversations, ask } = await listed()
  const { conversationId } = await ask('One?')
  await expect(conversations.listing.move(conversationId, 'nowhere')).rejects.toMatchObject({ code: 'not-found' })
  await expect(conversations.listing.renameFolder('nowhere', 'x')).rejects.toMatchObject({ code: 'not-found' })
  await expect(conversations.listing.createFolder(' \n ')).rejects.toMatchObject({ code: 'invalid-request' })
})

test('the system prompt and the parameters of a chat reach the model, from its first question on', async () => {
  const { conversations, inference, watch } = await listed()
  const { conversationId, replyId } = await conversations.send({
    conversationId: null,
    parentId: null,
    content: 'Who are you?',
    model,
    system: 'You are a pirate.',
    parameters: { temperature: 0.2, seed: 7 },
  })
  expect(inference.last.request).toMatchObject({
    options: { temperature: 0.2, seed: 7 },
    messages: [
      { role: 'system', content: 'You are a pirate.' },
      { role: 'user', content: 'Who are you?' },
    ],
  })
  inference.last.write('Arr.')
  inference.last.finish()
  const shown = watch(conversationId)
  await vi.waitFor(() => expect(shown.last?.state).toBe('complete'))
  await conversations.listing.configure({ conversationId, system: '' })
  await conversations.regenerate({ messageId: replyId, model })
  expect(inference.last.request).toMatchObject({
    options: { temperature: 0.2, seed: 7 },
    messages: [{ role: 'user', content: 'Who are you?' }],
  })
})
