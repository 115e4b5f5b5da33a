/**
 * A process of its own that makes a backup of a home, to be killed in the middle, or to be met by another:
 * `node --import tsx backing-up-child.ts HOME [halting]`. Halting, it stops for ever where all is copied and nothing is
 * written down.
 */
import { Backups } from '../../../main/backups/backups.ts'
import { Conversations } from '../../../main/conversations/conversations.ts'
import { Notices } from '../../../main/settings/notices.ts'
import { ScriptedInference } from '../../unit/conversations/scripted-inference.ts'

const [home = '', halting] = process.argv.slice(2)
const notices = new Notices()
const conversations = await Conversations.open({ home, inference: new ScriptedInference(), notices })
const part = conversations.backedUp
const halt = () => {
  process.kill(process.pid, 'SIGSTOP')
  return new Set<string>()
}
const parts = [halting === undefined ? part : { ...part, hashes: halt }]
await new Backups({ home, parts, wanted: () => true, notices }).take()
await conversations.close()
