import { BrowserWindow, Notification } from 'electron'
import type { Hearth } from '../compose.ts'
import { displayShortest, parseModelName } from '../library/model-name.ts'
import { type Ended, LongWork } from './long-work.ts'
import type { DesktopTexts } from './texts.ts'
import type { Windows } from './windows.ts'

/** Tells, where the person is at another program, that long work has ended; a click shows it. */
export function notifyOfLongWork(hearth: Hearth, windows: Windows, texts: () => DesktopTexts): void {
  /** A notification that nobody holds is collected with its click. */
  const shown = new Set<Notification>()
  const work = new LongWork(ended => {
    if (BrowserWindow.getFocusedWindow() !== null || !Notification.isSupported()) return
    const notification = new Notification({ ...wordsOf(ended, texts()), silent: true })
    shown.add(notification)
    notification.on('close', () => shown.delete(notification))
    notification.on('click', () => windows.show(placeOf(ended)))
    notification.show()
  })
  hearth.conversations.watchList(event => work.chats(event))
  hearth.pulls.watch(list => work.pulls(list))
  hearth.makings.watch(list => work.makings(list))
  hearth.forms.watchList(event => event.type === 'forms' && work.forms(event.forms))
  hearth.modelsMove.watch(({ move }) => work.move(move))
}

/** Where it can be seen, as the window's address names it. */
function placeOf(ended: Ended): string {
  if (ended.kind === 'answer') return `#/chat/${encodeURIComponent(ended.conversationId)}`
  if (ended.kind === 'form') return `#/forms/${encodeURIComponent(ended.formId)}`
  return ended.kind === 'move' ? '#/settings' : '#/models'
}

function wordsOf(ended: Ended, texts: DesktopTexts): { title: string; body: string } {
  if (ended.kind === 'pull') return { title: texts.modelIsHere, body: shown(ended.model) }
  if (ended.kind === 'making') return { title: texts.modelIsMade, body: shown(ended.model) }
  if (ended.kind === 'form') return { title: texts.formIsFilled, body: ended.name }
  if (ended.kind === 'move') return { title: ended.failed ? texts.modelsNotMoved : texts.modelsMoved, body: ended.to }
  return { title: texts.answerIsHere, body: ended.title }
}

/** A model's name as the windows show it: without what goes without saying. */
function shown(model: string): string {
  const name = parseModelName(model)
  return (name ? displayShortest(name) : model).replace(/:latest$/, '')
}
