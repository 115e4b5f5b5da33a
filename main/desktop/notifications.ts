import { BrowserWindow, Notification } from 'electron'
import type { Hearth } from '../compose.ts'
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
    notification.on('click', () =>
      windows.show(ended.kind === 'answer' ? `#/chat/${encodeURIComponent(ended.conversationId)}` : '#/models'),
    )
    notification.show()
  })
  hearth.conversations.watchList(event => work.chats(event))
  hearth.pulls.watch(list => work.pulls(list))
  hearth.makings.watch(list => work.makings(list))
}

function wordsOf(ended: Ended, texts: DesktopTexts): { title: string; body: string } {
  if (ended.kind === 'pull') return { title: texts.modelIsHere, body: ended.model }
  if (ended.kind === 'making') return { title: texts.modelIsMade, body: ended.model }
  return { title: texts.answerIsHere, body: ended.title }
}
