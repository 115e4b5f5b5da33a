import { create } from 'zustand'
import type { ProblemInfo } from '../../../../preload/contract.ts'
import { call, problemFrom } from '../../../state/bridge.ts'
import { ollama } from '../../../state/ollama.ts'
import { unload } from '../running/running-store.ts'
import { type Draft, orderOf } from './draft.ts'
import { useDraft } from './draft-store.ts'
import { removeMaking, useMakings } from './makings-store.ts'

/** A question asked while trying, and what came of it. */
export interface Turn {
  readonly key: number
  readonly question: string
  readonly answer: string
  readonly state: 'writing' | 'done' | 'stopped' | 'failed'
  readonly problem: ProblemInfo | null
}

/** A model that is tried before it is kept. */
export interface Trial {
  /** On main's list of makings. */
  readonly id: string
  readonly model: string
  /** What it was made of, to tell whether the draft has changed since. */
  readonly order: string
}

interface TrialState {
  readonly trial: Trial | null
  readonly turns: readonly Turn[]
}

export const useTrial = create<TrialState>(() => ({ trial: null, turns: [] }))

/** The field for the question. */
export const trialFieldId = 'trial-question'
const focusTrial = () => document.getElementById(trialFieldId)?.focus()

const fingerprint = (draft: Draft) => JSON.stringify(orderOf(draft, ''))

/** Whether what is tried is what the draft says now. */
export const isCurrent = (trial: Trial, draft: Draft) => trial.order === fingerprint(draft)

/**
 * Makes the model of the draft for trying, and puts away what was said; leads to the one that is there if it is just
 * that.
 */
export async function startTrial(): Promise<void> {
  if (starting) return
  starting = true
  try {
    await start()
  } finally {
    starting = false
  }
}

/** A second press must not make a second model that nobody shows. */
let starting = false

async function start(): Promise<void> {
  const { draft } = useDraft.getState()
  const order = orderOf(draft, '')
  if (!order) return
  const { trial } = useTrial.getState()
  if (trial && isCurrent(trial, draft) && !failed(trial)) return focusTrial()
  if (trial) await discardTrial()
  const { id, model } = await call('makings.start', order)
  useTrial.setState({ trial: { id, model, order: fingerprint(draft) }, turns: [] })
}

const failed = ({ id }: Trial) => useMakings.getState().makings.find(making => making.id === id)?.state === 'failed'

/** Puts the trial away: its memory is given back, its model removed. */
export async function discardTrial(): Promise<void> {
  const { trial, turns } = useTrial.getState()
  stopAnswer()
  useTrial.setState({ trial: null, turns: [] })
  if (!trial) return
  // Its files would stay in use. That it cannot be unloaded is no reason to keep it.
  if (turns.length > 0) await unload(trial.model).catch(() => undefined)
  await removeMaking(trial.id)
}

/** A window that closes or reloads forgets its trial, so main has to; call once. */
export function endTrialOnLeaving(): void {
  window.addEventListener('pagehide', () => {
    const { trial } = useTrial.getState()
    // Nobody is left to be told that it failed; what stays goes at the next start.
    if (trial) void removeMaking(trial.id).catch(() => undefined)
  })
}

/** Forgets what was said, not the model. */
export function clearTurns(): void {
  stopAnswer()
  useTrial.setState({ turns: [] })
}

let lastKey = 0
let stop: (() => void) | undefined

/** Breaks off the answer that is being written; what there is of it stays. */
export function stopAnswer(): void {
  stop?.()
  stop = undefined
}

/** Asks the model on trial, with what was said before. */
export async function askTrial(question: string): Promise<void> {
  const { trial, turns } = useTrial.getState()
  if (!trial || stop) return
  const key = ++lastKey
  const broken = new AbortController()
  const { signal } = broken
  const own = () => {
    broken.abort()
    changeTurn(key, { state: 'stopped' })
  }
  stop = own
  useTrial.setState({ turns: [...turns, { key, question, answer: '', state: 'writing', problem: null }] })
  try {
    const reply = await ollama.chat({ model: trial.model, messages: [...said(turns), user(question)], stream: true })
    signal.addEventListener('abort', () => reply.abort())
    if (signal.aborted) return reply.abort()
    await read(reply, key)
    if (!signal.aborted) changeTurn(key, { state: 'done' })
  } catch (error) {
    // What was broken off ends with an error, too.
    if (!signal.aborted) changeTurn(key, { state: 'failed', problem: problemFrom(error) })
  } finally {
    if (stop === own) stop = undefined
  }
}

/** Takes in an answer; what comes within a frame is shown together. */
async function read(reply: AsyncIterable<{ message: { content: string } }>, key: number) {
  let answer = ''
  let due: number | undefined
  const show = () => {
    due = undefined
    changeTurn(key, { answer })
  }
  for await (const { message } of reply) {
    answer += message.content
    due ??= window.setTimeout(show, frame)
  }
  clearTimeout(due)
  show()
}

/** Milliseconds; a hidden window has no frames of its own. */
const frame = 16

const user = (content: string) => ({ role: 'user', content }) as const

/** What was said, as the model is told it: a question without an answer is left out. */
const said = (turns: readonly Turn[]) =>
  turns
    .filter(({ answer }) => answer !== '')
    .flatMap(({ question, answer }) => [user(question), { role: 'assistant', content: answer } as const])

function changeTurn(key: number, change: Partial<Turn>): void {
  useTrial.setState(({ turns }) => ({ turns: turns.map(turn => (turn.key === key ? { ...turn, ...change } : turn)) }))
}
