import { pictureOf } from '../conversations/attachments/picture.ts'
import { catalogueHere } from '../library/fit/catalogue-here.ts'
import { readModelfile } from '../library/making/read-modelfile.ts'
import { storageOf } from '../library/storage.ts'
import { Problem } from '../problem.ts'
import type { CallHandlers } from './call-handlers.ts'
import { formCallHandlers } from './form-calls.ts'
import type { BridgeServices } from './services.ts'
import { storageUsage } from './storage-usage.ts'

/** What may be handed to the person's other programs: nothing that runs something or reads a file. */
const openable = new Set(['http:', 'https:', 'mailto:'])

/** The calls of the contract, each handed to the room that does it. Inputs come checked. */
export function callHandlers(services: BridgeServices): CallHandlers {
  const { app, backups, command, connections, conversations, fitting, forms, home, library } = services
  const { makings, menuEntry, modelsMove, notices, pulls, server, settings, updates } = services
  return {
    'app.info': () => app.info(),
    'app.openExternal': async ({ url }) => {
      const parsed = URL.canParse(url) ? new URL(url) : undefined
      if (parsed === undefined || !openable.has(parsed.protocol)) {
        throw new Problem('invalid-request', 400, 'only http, https and mailto addresses can be opened', url)
      }
      await app.openExternal(parsed.href)
      return {}
    },
    'app.showInFolder': ({ path }) => {
      if (!conversations.transfer.written.has(path) && !forms.files.written.has(path)) {
        throw new Problem('invalid-request', 400, 'only an exported file can be shown', path)
      }
      app.showInFolder(path)
      return {}
    },
    'app.newWindow': () => {
      app.newWindow()
      return {}
    },
    'quick.show': () => {
      app.quick.show()
      return {}
    },
    'quick.openInHearth': ({ conversationId }) => {
      app.quick.openInHearth(conversationId)
      return {}
    },
    'app.takeOpenings': () => app.takeOpenings(),
    'app.setActions': ({ actions }) => {
      app.setActions(actions)
      return {}
    },
    'app.dismissNotice': ({ id }) => {
      notices.dismiss(id)
      return {}
    },
    'updates.check': async () => {
      await updates.check()
      return {}
    },
    // It may take minutes; the watch tells how it goes.
    'updates.download': () => {
      void updates.download()
      return {}
    },
    'updates.install': () => {
      updates.install()
      return {}
    },
    'settings.change': change => settings.change(change),
    'trash.list': () => conversations.trash.list(),
    'trash.remove': async ({ conversationIds }) => {
      await conversations.trash.remove(conversationIds)
      return {}
    },
    'presets.save': input => conversations.presets.save(input),
    'presets.delete': async ({ presetId }) => {
      await conversations.presets.delete(presetId)
      return {}
    },
    'drafts.get': box => conversations.drafts.of(box),
    'drafts.keep': async input => ({ revision: await conversations.drafts.keep(input) }),
    'server.change': async change => {
      await server.change(change)
      return {}
    },
    'backups.take': async () => {
      await backups.take()
      return {}
    },
    'backups.compare': ({ id }) => backups.compare(id),
    'backups.goBack': async ({ id }) => {
      await backups.goBack(id)
      return {}
    },
    'backups.freedBy': async ({ id }) => ({ bytes: await backups.freedBy(id) }),
    'backups.remove': async ({ id }) => {
      await backups.remove(id)
      return {}
    },
    'backups.showFolder': () => {
      app.showInFolder(backups.shown())
      return {}
    },
    'connections.clear': () => {
      connections.clear()
      return {}
    },
    'command.look': async () => ({ command: await command.look() }),
    'command.install': async () => {
      await command.install()
      return {}
    },
    'command.remove': async () => {
      await command.remove()
      return {}
    },
    'menuEntry.look': () => ({ state: menuEntry.look() }),
    'menuEntry.change': async ({ on }) => {
      await menuEntry.change(on)
      return {}
    },
    'storage.usage': () => storageUsage(library, home),
    'server.clearLog': () => {
      server.log.clear()
      return {}
    },
    'attachments.add': input => conversations.attach(input),
    'attachments.addText': input => conversations.attachText(input),
    'attachments.inspect': ({ head }) => pictureOf(head),
    'screenshots.take': async () => ({ content: await app.takeScreenshot() }),
    'conversations.send': input => conversations.send(input),
    'conversations.regenerate': input => conversations.regenerate(input),
    'conversations.continue': async input => {
      await conversations.continue(input)
      return {}
    },
    'conversations.deleteMessage': ({ messageId }) => conversations.deleteMessage(messageId),
    'conversations.restoreMessages': async ({ messageIds }) => {
      await conversations.restoreMessages(messageIds)
      return {}
    },
    'conversations.stop': async ({ messageId }) => {
      await conversations.stop(messageId)
      return {}
    },
    'conversations.selectVersion': async ({ messageId }) => {
      await conversations.selectVersion(messageId)
      return {}
    },
    'conversations.rename': async ({ conversationId, title }) => {
      await conversations.listing.rename(conversationId, title)
      return {}
    },
    'conversations.delete': async ({ conversationId }) => {
      await conversations.listing.delete(conversationId)
      return {}
    },
    'conversations.restore': async ({ conversationId }) => {
      await conversations.listing.restore(conversationId)
      return {}
    },
    'conversations.configure': async input => {
      await conversations.listing.configure(input)
      return {}
    },
    'conversations.pin': async ({ conversationId, pinned }) => {
      await conversations.listing.pin(conversationId, pinned)
      return {}
    },
    'conversations.move': async ({ conversationId, folderId }) => {
      await conversations.listing.move(conversationId, folderId)
      return {}
    },
    'folders.create': ({ name }) => conversations.listing.createFolder(name),
    'folders.rename': async ({ folderId, name }) => {
      await conversations.listing.renameFolder(folderId, name)
      return {}
    },
    'folders.delete': async ({ folderId }) => {
      await conversations.listing.deleteFolder(folderId)
      return {}
    },
    'conversations.search': input => conversations.search(input),
    'models.choose': async ({ what }) => {
      const path = await app.askForModel(what)
      return { chosen: path === null ? null : await makings.choices.offer(path) }
    },
    'models.readModelfile': ({ source }) => readModelfile(source),
    'makings.draft': async () => ({ draft: await makings.draft.read() }),
    'makings.keepDraft': async ({ draft }) => {
      await makings.draft.keep(draft)
      return {}
    },
    'makings.start': order => makings.start(order),
    'makings.remove': async ({ id }) => {
      await makings.remove(id)
      return {}
    },
    'models.storage': () => storageOf(library),
    'modelsFolder.move': async () => {
      const chosen = await app.askForModel('folder')
      if (chosen !== null) await modelsMove.start(chosen)
      return { begun: chosen !== null }
    },
    'modelsFolder.cancel': async () => {
      await modelsMove.cancel()
      return {}
    },
    'models.catalogue': () => catalogueHere(fitting),
    'models.fit': ({ model, insecure }) => fitting.check(model, { insecure }),
    'pulls.start': ({ model, insecure }) => ({ model: pulls.start(model, { insecure }) }),
    'pulls.pause': async ({ model }) => {
      await pulls.pause(model)
      return {}
    },
    'pulls.resume': ({ model }) => {
      pulls.resume(model)
      return {}
    },
    'pulls.remove': async ({ model }) => {
      await pulls.remove(model)
      return {}
    },
    ...formCallHandlers(forms),
  }
}
