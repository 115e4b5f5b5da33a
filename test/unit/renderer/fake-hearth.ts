import {
  type CallInput,
  type CallName,
  type CallOutput,
  type ChosenFiles,
  type Conversation,
  type Form,
  type FormRow,
  type HearthBridge,
  type Message,
  type ProblemInfo,
  type SentEvent,
  type StreamEvent,
  type StreamInput,
  type StreamName,
  streamsInJson,
} from '../../../preload/contract.ts'

/** A call that a test answers by hand; a thrown ProblemInfo reaches the window the way main's do. */
type Answers = { [N in CallName]?: (input: CallInput<N>) => CallOutput<N> | Promise<CallOutput<N>> }

interface Stream {
  name: StreamName
  input: unknown
  emit: (event: never) => void
  ended: boolean
}

/** Main, played by a test: it answers calls, keeps a list of them, and sends events by hand. */
export class FakeHearth implements HearthBridge {
  readonly window = 1
  readonly calls: { name: CallName; input: unknown }[] = []
  readonly streams: Stream[] = []

  constructor(readonly answers: Answers = {}) {}

  async call<N extends CallName>(name: N, input: CallInput<N>): Promise<CallOutput<N>> {
    this.calls.push({ name, input })
    const answer = this.answers[name] as ((input: CallInput<N>) => CallOutput<N>) | undefined
    try {
      return (await answer?.(input)) ?? ({} as CallOutput<N>)
    } catch (problem) {
      throw new Error(`Error invoking remote method 'call': Error: ${JSON.stringify(problem satisfies unknown)}`)
    }
  }

  /** What main says of a file that is dropped; a thrown ProblemInfo reaches the window as main's do. */
  offered: (file: File) => ChosenFiles = () => {
    throw problem('file-unreadable')
  }

  async offer(file: File): Promise<ChosenFiles> {
    try {
      return this.offered(file)
    } catch (problem) {
      throw new Error(JSON.stringify(problem))
    }
  }

  subscribe<N extends StreamName>(name: N, input: StreamInput<N>, listener: (event: SentEvent<N>) => void) {
    const stream: Stream = { name, input, emit: listener as (event: never) => void, ended: false }
    this.streams.push(stream)
    return () => {
      stream.ended = true
    }
  }

  /** Sends an event to every open stream of that name. */
  emit<N extends StreamName>(name: N, event: StreamEvent<N>): void {
    const sent = (streamsInJson as readonly string[]).includes(name) ? JSON.stringify(event) : event
    for (const stream of this.streams) if (stream.name === name && !stream.ended) stream.emit(sent as never)
  }

  inputsOf<N extends CallName>(name: N): CallInput<N>[] {
    return this.calls.filter(call => call.name === name).map(call => call.input as CallInput<N>)
  }
}

/** Puts a main of the test's own behind the window. */
export function installHearth(answers: Answers = {}): FakeHearth {
  const hearth = new FakeHearth(answers)
  Object.defineProperty(window, 'hearth', { value: hearth, configurable: true })
  return hearth
}

export const problem = (code: string): ProblemInfo => ({ code, message: `a problem of kind ${code}` })

export const aMessage = (over: Partial<Message> & { id: string }): Message => ({
  parentId: null,
  role: 'assistant',
  content: '',
  thinking: '',
  model: 'hearth-demo',
  state: 'complete',
  problem: null,
  versions: [over.id],
  createdAt: 0,
  wait: null,
  metrics: null,
  attachments: [],
  toolCalls: [],
  tool: null,
  context: null,
  ...over,
})

export const aConversation = (over: Partial<Conversation> & { id: string }): Conversation => ({
  title: `Chat ${over.id}`,
  model: 'hearth-demo',
  createdAt: 0,
  updatedAt: 0,
  answering: null,
  pinned: false,
  folderId: null,
  system: '',
  parameters: {},
  ...over,
})

export const aForm = (over: Partial<Form> = {}): Form => ({
  id: 'f',
  name: '',
  instructions: '',
  fields: [],
  model: 'tiny',
  createdAt: 0,
  updatedAt: 0,
  paused: false,
  rows: 0,
  waiting: 0,
  failed: 0,
  batch: 0,
  pace: null,
  ...over,
})

/** One that is done, without an answer. */
export const aRow = (over: Partial<FormRow> = {}): FormRow => ({
  id: 'r',
  formId: 'f',
  state: 'done',
  corrected: false,
  problem: null,
  earlier: false,
  revision: 0,
  model: 'tiny',
  createdAt: 0,
  source: { kind: 'text', name: '', excerpt: '', pictures: [] },
  answer: null,
  loading: null,
  written: '',
  ...over,
})
