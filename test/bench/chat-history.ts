import { Session } from '../../main/conversations/session.ts'
import type { ConversationStore } from '../../main/conversations/store.ts'

/*
 * Fills a home with chats, for `npm run bench:window`:
 * `tsx test/bench/chat-history.ts HOME CHATS MESSAGES LONGEST`. Of so many chats the newest has LONGEST messages, the
 * others share what is left of MESSAGES. One message holds the word that is searched for.
 */

const [home = '', ...sizes] = process.argv.slice(2)
const [chats = 1, messages = 2, longest = 2] = sizes.map(Number)
const dayLength = 24 * 60 * 60 * 1000
const owner = '00000000-0000-7000-8000-000000000000'

const id = (kind: number, n: number) => `0000000${kind}-0000-7000-8000-${n.toString(16).padStart(12, '0')}`

/** Answers as models write them: most are prose, some hold a list, a table or code. */
const answers = [
  'The sky is blue because air scatters short waves of light more than long ones. At dusk the light comes a longer way.',
  'Three things matter:\n\n1. **Heat** moves from warm to cold.\n2. Water holds a lot of it.\n3. Air holds little.\n\nSo a tiled stove stays warm.',
  '| Planet | Colour | Moons |\n|---|---|---|\n| Mars | red | 2 |\n| Neptune | blue | 16 |\n| Venus | white | 0 |',
  'Here is a function that halves a number:\n\n```python\ndef half(number):\n    """Half of a number."""\n    return number / 2\n```\n\nIt works for whole numbers, too.',
  '暖房里的茶壶慢慢地响起来。水烧开以后，先把茶杯烫一下，再放茶叶，等三分钟就可以喝了。',
]

function text(n: number, isAnswer: boolean): string {
  if (n === 4_321) return 'The bowl came from a workshop called Zinnoberrot, near the harbour.'
  return isAnswer
    ? `${answers[n % answers.length]!} (${n})`
    : `Question ${n}: what keeps a room warm for ${n % 97} hours?`
}

const metrics = {
  promptTokens: 40,
  outputTokens: 60,
  outputSeconds: 1.5,
  thinkingSeconds: null,
  ended: 'stop' as const,
}

const session = await Session.open(home, owner, Date.now())
const store: ConversationStore = session.store
let written = 0
for (let chat = 0; chat < chats; chat += 1) {
  const count = chat === 0 ? longest : Math.round((messages - longest) / Math.max(1, chats - 1) / 2) * 2
  const at = Date.now() - chat * dayLength * 0.2
  store.database.transaction(() => {
    store.addConversation(id(1, chat), `Chat ${chat} about warm rooms`, 'hearth-demo', at)
    let parent: string | null = null
    for (let pair = 0; pair < count / 2; pair += 1) {
      const question = id(2, written)
      const answer = id(2, written + 1)
      store.addQuestion(question, id(1, chat), parent, text(written, false), at)
      store.addReply({
        id: answer,
        conversationId: id(1, chat),
        parentId: question,
        model: 'hearth-demo',
        owner,
        createdAt: at,
      })
      const content = text(written + 1, true)
      store.endReply(answer, {
        content,
        thinking: '',
        state: 'complete',
        problem: null,
        metrics,
        context: null,
        toolCalls: [],
      })
      parent = answer
      written += 2
    }
  })
}
session.close()
