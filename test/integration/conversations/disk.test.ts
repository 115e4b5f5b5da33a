import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { Conversations } from '../../../main/conversations/conversations.ts'
import { Notices } from '../../../main/settings/notices.ts'
import { SettingsStore } from '../../../main/settings/settings-store.ts'
import type { Notice } from '../../../preload/contract.ts'
import { messagesOf } from '../../unit/conversations/messages-of.ts'
import { onDisk } from '../../unit/conversations/opened-hearth.ts'
import { ScriptedInference } from '../../unit/conversations/scripted-inference.ts'
import { canMount, SmallDisk } from '../small-disk.ts'
import { AnsweringChild } from './child.ts'

async function open(home: string) {
  const inference = new ScriptedInference()
  const notices = new Notices()
  let told: Notice[] = []
  notices.watch(all => {
    told = all
  })
  const conversations = await Conversations.open({ home, inference, notices })
  onTestFinished(() => conversations.close())
  let titles: string[] = []
  conversations.watchList(event => {
    if (event.type === 'all') titles = event.conversations.map(({ title }) => title)
    if (event.type === 'changed' && !titles.includes(event.conversation.title))
      titles = [event.conversation.title, ...titles]
  })
  const ask = (content: string) => conversations.send({ conversationId: null, parentId: null, content, model: 'tiny' })
  const messages = (conversationId: string) => messagesOf(conversations, conversationId)
  return { inference, notices, conversations, ask, messages, told: () => told, titles: () => titles }
}

function smallDisk(): SmallDisk {
  const disk = new SmallDisk()
  onTestFinished(() => disk.unmount())
  return disk
}

const diskFull = { name: 'Problem', code: 'disk-full', status: 500, message: 'no space left on device' }

test.runIf(canMount)(
  'a disk that fills in mid-answer: the answer goes on, the person is told, and it is saved once there is space',
  async () => {
    const disk = smallDisk()
    const hearth = await open(disk.path)
    const { conversationId } = await hearth.ask('One?')
    hearth.inference.last.write('Begun. ')
    await vi.waitFor(() => expect(onDisk(disk.path)[1]?.parts).toBe('Begun. '))
    disk.fill()
    for (let part = 0; part < 200; part += 1) hearth.inference.last.write('More and more. '.repeat(40))
    await vi.waitFor(() => expect(hearth.told().map(({ code }) => code)).toEqual(['disk-full']))
    // A new question is refused, as it could not be kept; what is there can still be read.
    await expect(hearth.ask('x'.repeat(200_000))).rejects.toMatchObject(diskFull)
    const whole = `Begun. ${'More and more. '.repeat(8_000)}`
    hearth.inference.last.finish()
    await vi.waitFor(() =>
      expect(hearth.messages(conversationId)[1]).toMatchObject({ state: 'complete', content: whole }),
    )
    disk.free()
    await vi.waitFor(() => expect(hearth.told()).toEqual([]))
    await hearth.conversations.close()
    const again = await open(disk.path)
    expect(again.messages(conversationId)[1]).toMatchObject({ state: 'complete', content: whole })
    expect(again.titles()).toEqual(['One?'])
  },
)

test.runIf(canMount)(
  'closing on a full disk loses at most the last second, and the next start reads everything before',
  async () => {
    const disk = smallDisk()
    const first = await open(disk.path)
    const { conversationId } = await first.ask('One?')
    first.inference.last.write('Saved. ')
    await vi.waitFor(() => expect(onDisk(disk.path)[1]?.parts).toBe('Saved. '))
    disk.fill()
    first.inference.last.write('x'.repeat(300_000))
    await first.conversations.close()
    // Still full: old conversations can be read all the same.
    const full = await open(disk.path)
    expect(full.titles()).toEqual(['One?'])
    await full.conversations.close()
    disk.free()
    const again = await open(disk.path)
    expect(again.messages(conversationId)[1]).toMatchObject({ state: 'interrupted', content: 'Saved. ' })
  },
)

test.runIf(canMount)(
  'a first start on a full disk opens the app, says why, and works once there is space',
  async () => {
    const disk = smallDisk()
    disk.fill()
    const { ask, told, titles } = await open(disk.path)
    expect(told()).toMatchObject([{ code: 'database-unavailable', values: { reason: 'disk-full' } }])
    await expect(ask('One?')).rejects.toMatchObject(diskFull)
    disk.free()
    await vi.waitFor(() => expect(told()).toEqual([]))
    await ask('One?')
    expect(titles()).toEqual(['One?'])
  },
)

test.runIf(canMount)(
  'a read-only place: the app opens, nothing is moved or lost, and it works once it is writable',
  async () => {
    const disk = smallDisk()
    // Another process, as a file open here would keep the disk from becoming read-only.
    const child = new AnsweringChild(disk.path, 1)
    await child.reported('asked')
    await child.kill()
    const files = readdirSync(disk.path)
    disk.readOnly(true)
    const { ask, told, titles } = await open(disk.path)
    expect(told()).toMatchObject([{ code: 'database-unavailable', values: { reason: 'read-only' } }])
    await expect(ask('Two?')).rejects.toMatchObject({ name: 'Problem', code: 'database' })
    expect(titles()).toEqual([])
    disk.readOnly(false)
    await vi.waitFor(() => expect(titles()).toEqual(['Question 0?']))
    expect(told()).toEqual([])
    // The search index is made as soon as it can be.
    expect(readdirSync(disk.path).filter(name => !name.startsWith('search.db'))).toEqual(files)
  },
)

test.runIf(canMount)('settings on a full disk: the change is refused, the old file stays whole', async () => {
  const disk = smallDisk()
  const home = join(disk.path, 'home')
  mkdirSync(home)
  const settings = new SettingsStore({ home, notices: new Notices() })
  await settings.change({ theme: 'dark' })
  disk.fill()
  await expect(settings.change({ model: 'm'.repeat(5_000) })).rejects.toMatchObject(diskFull)
  expect(settings.get().model).toBe('')
  expect(readdirSync(home)).toEqual(['settings.json'])
  expect(new SettingsStore({ home, notices: new Notices() }).get().theme).toBe('dark')
})
