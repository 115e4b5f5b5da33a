import type { Notice, NoticeContent } from '../../preload/contract.ts'

/** A notice in one line of English, for a terminal; the window has words of its own in the person's language. */
export function noticeSentence({ code, values }: NoticeContent): string {
  switch (code) {
    case 'database-set-aside':
      return `The file with the chats was damaged; it is kept at ${values.path}. Rescued from it: ${values.conversations} chats, ${values.messages} messages.`
    case 'database-unavailable':
      return `The chats at ${values.path} cannot be opened (${values.reason}). Nothing was changed; Hearth keeps trying.`
    case 'database-put-back':
      return `The file with the chats was deleted while Hearth was running; Hearth has written it anew at ${values.path}.`
    case 'database-replaced':
      return `Another file was put in the place of the chats while Hearth was running; Hearth uses it from the next start on. The chats of before, with what is written until then, are kept at ${values.path}.`
    case 'settings-set-aside':
      return `The settings could not be read; Hearth uses its defaults. The old file is kept at ${values.path}.`
    case 'port-taken':
      return `Port ${values.wanted} belongs to another program; the API ${values.address ? `is at ${values.address}` : 'does not listen'}.`
    case 'api-not-listening':
      return `The API does not listen: ${values.reason}.`
    case 'demo-model-missing':
      return `The demo model could not be put in place: ${values.message}. Other models work as usual.`
    case 'disk-full':
      return `The disk is full: answers cannot be saved at ${values.path} until there is room.`
    case 'model-stepped-down':
      return `Memory is short: ${values.model} was loaded with a context of ${values.context} tokens (asked for: ${values.askedContext}) and ${values.layers} layers on the GPU (asked for: ${values.askedLayers}).`
    case 'models-folder-missing':
      return `The models folder ${values.path} is not there: connect its disk and start Hearth again.`
    case 'graphics-unfitting':
      return `Graphics cards are not used: ${values.packages} belongs to another Hearth. Install that of version ${values.version}.`
    case 'backup-failed':
      return `Today's backup of the chats could not be made (${values.reason}); Hearth tries again. The chats are not touched.`
    case 'went-back-in-part':
      return 'Going back to a backup was cut off: chats and forms may be of different times. Go back once more in the settings.'
    case 'window-recovered':
      return 'The window had stopped working and was opened again.'
    case 'text-size-unsaved':
      return 'The size of text could not be changed, as the settings cannot be saved.'
  }
}

/**
 * Watches notices for a terminal: each line once while its cause lasts.
 * @returns the listener for `Notices.watch`
 */
export function noticeLines(write: (line: string) => void): (notices: readonly Notice[]) => void {
  let told = new Set<string>()
  return notices => {
    const lines = new Set(notices.map(noticeSentence))
    for (const line of lines) if (!told.has(line)) write(line)
    told = lines
  }
}
