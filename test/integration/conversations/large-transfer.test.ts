import { once } from 'node:events'
import { createWriteStream, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { hearth } from '../../unit/conversations/opened-hearth.ts'
import { temporaryHome } from '../../unit/conversations/temporary-home.ts'
import { aConversation, aMessage, exported } from '../../unit/conversations/transfer/files.ts'

/** Messages, and characters of each. */
const count = 10_000
const size = 1_000

/**
 * Would catch a file, a chat or a transaction that is worked on in one go: other work would then get no turn, and
 * memory would hold the file several times.
 */
test('a chat of 10,000 messages goes in and out in small steps', async () => {
  const path = join(temporaryHome(), 'large.json')
  const file = createWriteStream(path)
  file.write(`{"format":"hearth-chats","formatVersion":1,"records":[\n${JSON.stringify(aConversation(1))}`)
  for (let n = 0; n < count; n += 1) {
    const content = `${n} `.padEnd(size, '萤火虫 firefly ')
    const taken = file.write(`,\n${JSON.stringify(aMessage(n, 1, n === 0 ? null : n - 1, { content }))}`)
    if (!taken) await once(file, 'drain')
  }
  file.end('\n]}\n')
  await once(file, 'finish')

  const { conversations } = await hearth()
  let steps = 0
  const job = conversations.transfer.import(path)
  for (;;) {
    const step = await job.next()
    if (step.done) {
      expect(step.value).toMatchObject({ conversations: 1, messages: count, unreadable: 0, cutOff: false })
      break
    }
    steps += 1
    const { done, total } = step.value
    expect(done).toBeLessThanOrEqual(total)
  }
  expect(steps).toBeGreaterThan(50)
  const copy = await exported(conversations)
  // The head tells the time of the export.
  expect(Math.abs(statSync(copy).size - statSync(path).size)).toBeLessThan(100)
})
