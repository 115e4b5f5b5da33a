/**
 * A process of its own that runs a form, to be killed: `node --import tsx queue-child.ts HOME ROWS [pause]`. It makes a form with
 * that many rows and writes `begun NUMBER` for each row its model is asked; the one with number 2 is never answered.
 */
import { Forms } from '../../../main/forms/forms.ts'
import type { ChatRequest, InferenceEvent } from '../../../main/inference/requests.ts'

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
  inference: { chat },
  checkFormat: async () => undefined,
  transcript: async () => ({ title: '', text: '', pictures: [] }),
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
  const sources = Array.from({ length: Number(rows) }, (_, index) => ({
    kind: 'text' as const,
    name: '',
    text: `row ${index}`,
  }))
  await forms.run({ formId, model: 'tiny', sources, first: false })
  if (then === 'pause') {
    await forms.pause(formId)
    process.stdout.write('paused\n')
  }
}
setInterval(() => undefined, 1_000)
