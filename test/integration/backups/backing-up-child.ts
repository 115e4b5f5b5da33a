/**
 * A process of its own that makes a backup of a home, to be killed in the middle, or to be met by another:
 * `node --import tsx backing-up-child.ts HOME`. It writes `begun`, then `done`, or `refused CODE`.
 */
import { Backups } from '../../../main/backups/backups.ts'
import { Conversations } from '../../../main/conversations/conversations.ts'
import { asProblem } from '../../../main/problem.ts'
import { Notices } from '../../../main/settings/notices.ts'
import { ScriptedInference } from '../../unit/conversations/scripted-inference.ts'

const [home = ''] = process.argv.slice(2)
const notices = new Notices()
const conversations = await Conversations.open({ home, inference: new ScriptedInference(), notices })
const backups = new Backups({ home, parts: [conversations.backedUp], wanted: () => true, notices })
const taking = backups.take()
process.stdout.write('begun\n')
try {
  await taking
  process.stdout.write('done\n')
} catch (error) {
  process.stdout.write(`refused ${asProblem(error).code}\n`)
}
await conversations.close()
