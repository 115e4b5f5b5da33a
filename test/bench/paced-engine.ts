import type { AnswerEvents, FromEngine, ToEngine } from '../../main/engine/protocol.ts'

/*
 * Stands in for an engine process in `npm run bench:window`: one answer of PACED_TOKENS tokens at PACED_RATE a second,
 * with everything that markdown has. What is measured is the window, so that no model may take the machine meanwhile.
 * It imports nothing, as it is handed to Electron as one file.
 */

interface Port {
  postMessage(message: FromEngine): void
  on(event: 'message', listener: (event: { data: ToEngine }) => void): void
}
// Not an intersection with Electron's own type, whose messages are anything at all.
const port = (process as unknown as { readonly parentPort: Port }).parentPort
const total = Number(process.env.PACED_TOKENS)
const rate = Number(process.env.PACED_RATE)

const section = [
  '## What keeps a room warm\n\n',
  'Heat *always* moves from **warm** to cold, through walls, windows and the gaps between them, and what is lost has to come from somewhere. ',
  'A [stove](https://example.org/stove) with tiles gives back over `eight hours` what it took in one.\n\n',
  '- Thick curtains keep the warmth in.\n- A rug does more than it seems.\n- 门缝用布条塞住，屋子里会暖和得多。\n\n',
  '| Material | Holds | Gives back |\n|---|---|---|\n| Tile | much | slowly |\n| Iron | little | at once |\n\n',
  '```python\ndef warmth(hours, mass):\n    """Left after some hours."""\n    return mass * 0.9 ** hours\n\nprint(warmth(8, 300))\n```\n\n',
  'So $Q = m c \\Delta T$ is all there is to it.\n\n',
].join('')
/** About four characters each, as tokens of English are. */
const pieces = section.match(/[\s\S]{1,4}/gu) ?? []

const info = {
  architecture: 'llama',
  trainedContextSize: 65_536,
  contextSize: 65_536,
  slots: 1,
  vocabularySize: 4096,
  embeddingSize: 64,
  addsBos: false,
  ramBytes: 1e6,
  vramBytes: 0,
  gpuLayers: 0,
}

const answering = new Map<number, NodeJS.Timeout>()

function generate(id: number): void {
  const started = performance.now()
  let sent = 0
  const send = (events: AnswerEvents['events']) => port.postMessage({ type: 'events', answers: [{ id, events }] })
  const timer = setInterval(() => {
    const due = Math.min(total, Math.floor(((performance.now() - started) / 1000) * rate))
    const events = []
    for (; sent < due; sent += 1) events.push({ type: 'text' as const, text: pieces[sent % pieces.length]! })
    if (events.length > 0) send(events)
    if (sent < total) return
    clearInterval(timer)
    const nanoseconds = (performance.now() - started) * 1e6
    const counts = { promptTokens: 9, cachedTokens: 0, promptNanoseconds: 1, outputTokens: total }
    const end = { type: 'end' as const, reason: 'stop' as const, tokens: [] }
    send([{ ...end, counts: { ...counts, outputNanoseconds: nanoseconds } }])
  }, 1000 / rate)
  answering.set(id, timer)
}

port.on('message', ({ data: message }) => {
  if (message.type === 'exit') process.exit(0)
  else if (message.type === 'load') port.postMessage({ type: 'done', id: message.id, value: info })
  else if (message.type === 'tokenize') {
    // A quarter of the characters: what counts is that it fits.
    port.postMessage({ type: 'done', id: message.id, value: new Int32Array(Math.ceil(message.text.length / 4)) })
  } else if (message.type === 'ping') port.postMessage({ type: 'done', id: message.id, value: null })
  else if (message.type === 'generate') generate(message.id)
  else if (message.type === 'cancel') clearInterval(answering.get(message.id))
})
