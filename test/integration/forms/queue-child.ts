/**
 * A process of its own that runs a form, to be killed: `node --import tsx queue-child.ts HOME ROWS [pause|list]`. It
 * makes a form with that many rows and writes `begun NUMBER` for each row its model is asked; the one with number 2 is
 * never answered. With `list` they are one list, and the last of it is a chat that never comes: it writes `made` once
 * there are rows of some.
 */
import { Forms } from '../../../main/forms/forms.ts'
import type { ChatRequest, InferenceEvent } from '../../../main/inference/requests.ts'
import { singly } from '../../portions.ts'
import { runOn } from '../../unit/forms/run-on.ts'

const [home = '', rows = '1', then] = process.argv.slice(2)

async function* chat({ messages }: ChatRequest): AsyncGenerator<InferenceEvent> {
  const number = /row (\d+)/.exec(messages.at(-1)?.content ?? '')?.[1]
  process.stdout.write(`begun ${number}\n`)
  yield { type: 'delta', content: `{"number": ` }
  if (number === '2') await new Promise(() => setInterval(() => undefined, 1_000))
  yield { type: 'delta', content: `${number}}` }
  yield { type: 'done', reason: 'stop' }
}

const forms = new Forms({
  home,
  inference: { chat: request => singly(chat(request)) },
  checkFormat: async () => undefined,
  transcript: () => new Promise(() => setInterval(() => undefined, 1_000)),
})
forms.watchList(event => {
  if (event.type === 'unavailable') process.stdout.write(`unavailable ${event.problem.code}\n`)
})
if (Number(rows) > 0) {
  const { formId } = await forms.create({
    name: 'Numbers',
    instructions: '',
    fields: [{ key: 'number', required: true, shape: { kind: 'number', whole: true } }],
  })
  const texts = Array.from({ length: Number(rows) }, (_, index) => `row ${index}`)
  if (then === 'list') await handOver(formId, texts)
  else await runOn(forms, formId, texts)
  if (then === 'pause') {
    await forms.pause(formId)
    process.stdout.write('paused\n')
  }
}
setInterval(() => undefined, 1_000)

async function handOver(formId: string, texts: readonly string[]): Promise<void> {
  const { hash } = await forms.addText({ text: 'of a file' })
  const files = texts.map(name => ({ kind: 'document' as const, name, hash }))
  const chat = { kind: 'chat' as const, conversationId: formId }
  await forms.keepSources({ formId, revision: 0, files: [...files, chat] })
  forms.watchRows(formId, event => {
    if (event.type === 'more') process.stdout.write('made\n')
  })
  void forms.run({ formId, model: 'tiny', revision: 1 })
}
