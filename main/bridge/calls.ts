import { pictureOf } from '../attachments/picture.ts'
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
    },
    'app.showInFolder': ({ path }) => {
      if (!conversations.transfer.written.has(path) && !forms.files.written.has(path)) {
        throw new Problem('invalid-request', 400, 'only an exported file can be shown', path)
      }
      app.showInFolder(path)
    },
    'app.newWindow': () => app.newWindow(),
    'quick.show': () => app.quick.show(),
    'quick.openInHearth': ({ conversationId }) => app.quick.openInHearth(conversationId),
    'app.takeOpenings': () => app.takeOpenings(),
    'app.setActions': ({ actions }) => app.setActions(actions),
    'app.dismissNotice': ({ id }) => notices.dismiss(id),
    'updates.check': () => updates.check(),
    // It may take minutes; the watch tells how it goes.
    'updates.download': () => {
      void updates.download()
    },
    'updates.install': () => updates.install(),
    'settings.change': change => settings.change(change),
    'trash.list': () => conversations.trash.list(),
    'trash.messages': () => conversations.trash.messages(),
    'trash.removeMessages': ({ messageIds }) => conversations.trash.removeMessages(messageIds),
    'trash.remove': ({ conversationIds }) => conversations.trash.remove(conversationIds),
    'presets.save': input => conversations.presets.save(input),
    'presets.delete': ({ presetId }) => conversations.presets.delete(presetId),
    'drafts.get': box => conversations.drafts.of(box),
    'drafts.edits': async ({ conversationId }) => ({ messageIds: await conversations.drafts.edits(conversationId) }),
    'drafts.keep': async input => ({ revision: await conversations.drafts.keep(input) }),
    'server.change': change => server.change(change),
    'backups.take': () => backups.take(),
    'backups.compare': ({ id }) => backups.compare(id),
    'backups.goBack': ({ id }) => backups.goBack(id),
    'backups.freedBy': async ({ id }) => ({ bytes: await backups.freedBy(id) }),
    'backups.remove': ({ id }) => backups.remove(id),
    'backups.showFolder': () => app.showInFolder(backups.shown()),
    'connections.clear': () => connections.clear(),
    'command.look': async () => ({ command: await command.look() }),
    'command.install': () => command.install(),
    'command.remove': () => command.remove(),
    'menuEntry.look': () => ({ state: menuEntry.look() }),
    'menuEntry.change': ({ on }) => menuEntry.change(on),
    'storage.usage': () => storageUsage(library, home),
    'server.clearLog': () => server.log.clear(),
    'attachments.add': input => conversations.attach(input),
    'attachments.addText': input => conversations.attachText(input),
    'attachments.inspect': ({ head }) => pictureOf(head),
    'screenshots.take': async () => ({ content: await app.takeScreenshot() }),
    'conversations.send': input => conversations.send(input),
    'conversations.regenerate': input => conversations.regenerate(input),
    'conversations.continue': input => conversations.continue(input),
    'conversations.deleteMessage': ({ messageId }) => conversations.deleteMessage(messageId),
    'conversations.restoreMessages': ({ messageIds }) => conversations.restoreMessages(messageIds),
    'conversations.stop': ({ messageId }) => conversations.stop(messageId),
    'conversations.selectVersion': ({ messageId }) => conversations.selectVersion(messageId),
    'conversations.rename': ({ conversationId, title }) => conversations.listing.rename(conversationId, title),
    'conversations.delete': ({ conversationId }) => conversations.listing.delete(conversationId),
    'conversations.restore': ({ conversationId }) => conversations.listing.restore(conversationId),
    'conversations.configure': input => conversations.listing.configure(input),
    'conversations.pin': ({ conversationId, pinned }) => conversations.listing.pin(conversationId, pinned),
    'conversations.move': ({ conversationId, folderId }) => conversations.listing.move(conversationId, folderId),
    'folders.create': ({ name }) => conversations.listing.createFolder(name),
    'folders.rename': ({ folderId, name }) => conversations.listing.renameFolder(folderId, name),
    'folders.delete': ({ folderId }) => conversations.listing.deleteFolder(folderId),
    'folders.restore': input => conversations.listing.restoreFolder(input),
    'conversations.search': input => conversations.search(input),
    'models.choose': async ({ what }) => {
      const path = await app.askForModel(what)
      return { chosen: path === null ? null : await makings.choices.offer(path) }
    },
    'models.readModelfile': ({ source }) => readModelfile(source),
    'makings.draft': async () => ({ draft: await makings.draft.read() }),
    'makings.keepDraft': ({ draft }) => makings.draft.keep(draft),
    'makings.start': order => makings.start(order),
    'makings.remove': ({ id }) => makings.remove(id),
    'models.found': () => ({ models: [...services.foundModels] }),
    'models.storage': () => storageOf(library),
    'modelsFolder.move': async () => {
      const chosen = await app.askForModel('folder')
      if (chosen !== null) await modelsMove.start(chosen)
      return { begun: chosen !== null }
    },
    'modelsFolder.others': async () => ({ folders: await modelsMove.others() }),
    'modelsFolder.use': async ({ path }) => {
      const folder = path === null ? await app.askForModel('folder') : await otherFolder(modelsMove, path)
      if (folder !== null) await modelsMove.use(folder)
      return { begun: folder !== null }
    },
    'modelsFolder.cancel': () => modelsMove.cancel(),
    'models.catalogue': () => catalogueHere(fitting),
    'models.installedFits': async () => ({ fits: await fitting.installed() }),
    'models.fit': ({ model, insecure }) => fitting.check(model, { insecure }),
    'pulls.start': ({ model, insecure }) => ({ model: pulls.start(model, { insecure }) }),
    'pulls.pause': ({ model }) => pulls.pause(model),
    'pulls.resume': ({ model }) => pulls.resume(model),
    'pulls.remove': ({ model }) => pulls.remove(model),
    ...formCallHandlers(forms),
  }
}

/** A window names only a folder that it was told of. @throws Problem `not-found` */
async function otherFolder(modelsMove: BridgeServices['modelsMove'], path: string): Promise<string> {
  const known = (await modelsMove.others()).find(other => other.path === path)
  if (!known) throw new Problem('not-found', 404, 'no models were found in that folder', path)
  return known.path
}
