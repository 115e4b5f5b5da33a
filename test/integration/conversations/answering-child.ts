/**
 * A process of its own that answers conversations, to be killed: `node --import tsx answering-child.ts HOME QUESTIONS`.
 * It asks that many questions at once, writes `asked ID` for each as soon as `send` resolves, then `seen ID LENGTH
 * TEXT` for all that a window would have seen. Every answer is an endless row of words, one every 5 ms.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { Conversations } from '../../../main/conversations/conversations.ts'
import type { InferenceEvent } from '../../../main/inference/requests.ts'
import { Notices } from '../../../main/settings/notices.ts'
import { singly } from '../../portions.ts'

const [home = '', questions = '1'] = process.argv.slice(2)
const report = (line: string) => void process.stdout.write(`${line}\n`)

async function* endless(): AsyncGenerator<InferenceEvent> {
  for (let word = 0; ; word += 1) {
    yield { type: 'delta', content: `word${word} ` }
    await delay(5)
  }
}

const inference = { chat: () => singly(endless()) }

const notices = new Notices()
notices.watch(all => {
  for (const { code } of all) report(`notice ${code}`)
})
const conversations = await Conversations.open({ home, inference, notices })
report('open')

async function ask(index: number): Promise<void> {
  const content = `Question ${index}?`
  const { conversationId } = await conversations.send({
    conversationId: null,
    parentId: null,
    content,
    model: 'endless',
  })
  report(`asked ${conversationId}`)
  let length = 0
  conversations.watch(conversationId, event => {
    if (event.type === 'all') length = event.messages.at(-1)?.content.length ?? 0
    if (event.type === 'message') length = event.message.content.length
    if (event.type === 'delta') length += event.content.length
    report(`seen ${conversationId} ${length}`)
  })
}

await Promise.all(Array.from({ length: Number(questions) }, (_, index) => ask(index)))
// Asked for nothing, it stays all the same: as a second process beside the one under test.
setInterval(() => undefined, 1_000)
