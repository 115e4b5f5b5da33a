import type { NoticeContent, NoticeValues } from '../../../preload/contract.ts'
import type { TextKey } from '../../i18n/texts.ts'

interface Words {
  readonly title: TextKey
  readonly text: TextKey
  /** Worth knowing, and nothing is wrong. */
  readonly calm: boolean
}

const unavailable: Readonly<Record<NoticeValues<'database-unavailable'>['reason'], TextKey>> = {
  locked: 'notices.databaseLocked',
  newer: 'notices.databaseNewer',
  'read-only': 'notices.databaseReadOnly',
  'disk-full': 'notices.databaseDiskFull',
  unreadable: 'notices.databaseUnreadable',
}

const demoMissing: Readonly<Record<NoticeValues<'demo-model-missing'>['reason'], TextKey>> = {
  'disk-full': 'notices.demoModelDiskFull',
  'not-writable': 'notices.demoModelNotWritable',
  other: 'notices.demoModelMissingText',
}

const steppedDown: Readonly<Record<NoticeValues<'model-stepped-down'>['reason'], TextKey>> = {
  context: 'notices.steppedDownContext',
  graphics: 'notices.steppedDownGraphics',
  both: 'notices.steppedDownBoth',
}

/** The words for a notice; preload/contract-notices.ts says which values each carries. */
export function noticeWords({ code, values }: NoticeContent): Words {
  const words = (title: TextKey, text: TextKey, calm = false): Words => ({ title, text, calm })
  switch (code) {
    case 'database-set-aside': {
      return words(
        'notices.databaseSetAside',
        values.conversations > 0 ? 'notices.databaseRescued' : 'notices.databaseLost',
      )
    }
    case 'database-unavailable':
      return words('notices.databaseUnavailable', unavailable[values.reason])
    case 'database-put-back':
      return words('notices.databasePutBack', 'notices.databasePutBackText')
    case 'database-replaced':
      return words('notices.databaseReplaced', 'notices.databaseReplacedText')
    case 'settings-set-aside':
      return words('notices.settingsSetAside', 'notices.settingsSetAsideText')
    case 'port-taken':
      return words('notices.portTaken', values.address ? 'notices.portTakenMoved' : 'notices.portTakenOff', true)
    case 'api-not-listening':
      return words('notices.apiNotListening', 'notices.apiNotListeningText')
    case 'demo-model-missing':
      return words('notices.demoModelMissing', demoMissing[values.reason])
    case 'disk-full':
      return words('notices.diskFull', 'notices.diskFullText')
    case 'model-stepped-down':
      return words('notices.steppedDown', steppedDown[values.reason], true)
    case 'models-folder-missing':
      return words('notices.modelsFolderMissing', 'notices.modelsFolderMissingText')
    case 'graphics-unfitting':
      return words('notices.graphicsUnfitting', 'notices.graphicsUnfittingText')
    case 'backup-failed':
      return words(
        'notices.backupFailed',
        values.reason === 'disk-full' ? 'notices.backupFailedDiskFull' : 'notices.backupFailedText',
      )
    case 'went-back-in-part':
      return words('notices.wentBackInPart', 'notices.wentBackInPartText')
    case 'window-recovered':
      return words('notices.windowRecovered', 'notices.windowRecoveredText', true)
    case 'text-size-unsaved':
      return words('notices.textSizeUnsaved', 'notices.textSizeUnsavedText')
  }
}
