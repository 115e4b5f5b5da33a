import { BrowserWindow, Notification } from 'electron'
import type { Hearth } from '../compose.ts'
import type { AtWork } from './at-work.ts'
import { type Ended, LongWork } from './long-work.ts'
import { shownModel } from './shown-model.ts'
import type { DesktopTexts } from './texts.ts'
import type { Windows } from './windows.ts'
import { workWords } from './work-words.ts'

/** A notification that nobody holds is collected with its click. */
const shown = new Set<Notification>()

interface Words {
  readonly title: string
  readonly body: string
}

/** Tells, where the person is at another program, that long work has ended; a click shows it. */
export function notifyOfLongWork(hearth: Hearth, windows: Windows, texts: () => DesktopTexts): void {
  const work = new LongWork(ended => {
    if (BrowserWindow.getFocusedWindow() === null) notify(wordsOf(ended, texts()), () => windows.show(placeOf(ended)))
  })
  hearth.conversations.watchList(event => work.chats(event))
  hearth.pulls.watch(list => work.pulls(list))
  hearth.makings.watch(list => work.makings(list))
  hearth.forms.watchList(event => event.type === 'forms' && work.forms(event.forms))
  hearth.modelsMove.watch(({ move }) => work.move(move))
}

/** Says that Hearth goes on without a window, and with what; a click opens one. @returns takes it back */
export function notifyOfStaying(atWork: AtWork, windows: Windows, texts: () => DesktopTexts): () => void {
  const works = atWork.list().map(work => workWords(work, texts()))
  const title = works.length > 0 ? texts().worksOn : texts().staysReady
  return notify({ title, body: [...works, texts().clickOpens].join('\n') }, () => windows.show())
}

/** @returns closes it */
function notify(words: Words, onClick: () => void): () => void {
  if (!Notification.isSupported()) return () => {}
  const notification = new Notification({ ...words, silent: true })
  shown.add(notification)
  notification.on('close', () => shown.delete(notification))
  notification.on('click', onClick)
  notification.show()
  return () => notification.close()
}

/** Where it can be seen, as the window's address names it. */
function placeOf(ended: Ended): string {
  if (ended.kind === 'answer') return `#/chat/${encodeURIComponent(ended.conversationId)}`
  if (ended.kind === 'form') return `#/forms/${encodeURIComponent(ended.formId)}`
  return ended.kind === 'move' ? '#/settings' : '#/models'
}

function wordsOf(ended: Ended, texts: DesktopTexts): Words {
  if (ended.kind === 'pull') return { title: texts.modelIsHere, body: shownModel(ended.model) }
  if (ended.kind === 'making') return { title: texts.modelIsMade, body: shownModel(ended.model) }
  if (ended.kind === 'form') {
    const title = ended.failed === 0 ? texts.formIsFilled : texts.formHasFailures
    return { title: title.replace('{{count}}', String(ended.failed)), body: ended.name }
  }
  if (ended.kind === 'move') return { title: ended.failed ? texts.modelsNotMoved : texts.modelsMoved, body: ended.to }
  return { title: texts.answerIsHere, body: ended.title }
}
