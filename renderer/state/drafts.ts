import { useEffect } from 'react'
import { create } from 'zustand'
import type { Draft, DraftBox, StreamEvent } from '../../preload/contract.ts'
import { call, subscribe } from './bridge.ts'

/**
 * What is typed and not sent, for each chat (null: the one this window has not begun). Main keeps it on disk; here it is
 * read once, and changed as the person types, here or in another window.
 */
const useDrafts = create<Readonly<Record<string, Draft>>>(() => ({}))

const nothing: Draft = { text: '', attachments: [] }
const keyOf = (conversationId: string | null) => conversationId ?? ''
const boxOf = (conversationId: string | null): DraftBox =>
  conversationId === null ? { conversationId, window: window.hearth.window } : { conversationId }
const idOf = (key: string) => (key === '' ? null : key)

/** Milliseconds without a change before it is saved. */
const pause = 250

/** The draft of a chat. */
export function useDraft(conversationId: string | null): Draft {
  const draft = useDrafts(drafts => drafts[keyOf(conversationId)])
  useEffect(() => void read(conversationId), [conversationId])
  return draft ?? nothing
}

/** The same, at this moment. */
export const draftOf = (conversationId: string | null): Draft => useDrafts.getState()[keyOf(conversationId)] ?? nothing

/** Changes a draft, and saves it once the person pauses. */
export function changeDraft(conversationId: string | null, change: Partial<Draft>): void {
  put(conversationId, { ...draftOf(conversationId), ...change })
  saveSoon(conversationId)
}

/** Writes a text into a draft, behind what stands there. */
export async function addToDraft(conversationId: string | null, text: string): Promise<void> {
  await read(conversationId)
  const { text: before } = draftOf(conversationId)
  changeDraft(conversationId, { text: before === '' ? text : `${before}\n\n${text}` })
}

/**
 * Makes a question of a draft. What is typed meanwhile stays; else the draft is gone, as main forgets it in the same
 * write. Nothing is saved before this is over: a late save would bring back what was sent.
 * @param send takes what stands in the box now. @returns what `send` does: whether main has it on disk
 */
export function sendDraft(conversationId: string | null, send: (draft: Draft) => Promise<boolean>): Promise<boolean> {
  const draft = draftOf(conversationId)
  return inTurn(async () => {
    const sent = await own(conversationId, () => send(draft))
    if (!sent) {
      saveSoon(conversationId)
      return false
    }
    unsaved.delete(keyOf(conversationId))
    const now = draftOf(conversationId)
    const left = {
      text: now.text === draft.text ? '' : now.text,
      attachments: now.attachments.filter(picture => !draft.attachments.includes(picture)),
    }
    put(conversationId, left)
    if (left.text !== '' || left.attachments.length > 0) saveSoon(conversationId)
    return true
  })
}

/** Follows what other windows write, and saves what waits for a pause when this one goes, or may go. Call once. */
export function followDrafts(): void {
  subscribe('drafts.watch', {}, event => {
    // Of another window's chat that is not begun.
    if (event.conversationId === null && (event.window ?? 1) !== window.hearth.window) return
    latest.set(keyOf(event.conversationId), event)
    void show(event.conversationId)
  })
  window.addEventListener('pagehide', saveNow)
  document.addEventListener('visibilitychange', saveNow)
}

/** Drafts that main has told, or is being asked for. */
const reads = new Map<string, Promise<boolean>>()
const unsaved = new Set<string>()
/** Drafts that are being saved or sent from here. */
const underWay = new Set<string>()
/** The revision each draft got from here at last. */
const revisions = new Map<string, number>()
/** What main told last of each draft. */
const latest = new Map<string, StreamEvent<'drafts.watch'>>()
let timer: ReturnType<typeof setTimeout> | undefined
let last: Promise<unknown> = Promise.resolve()

const put = (conversationId: string | null, draft: Draft) => useDrafts.setState({ [keyOf(conversationId)]: draft })

/** One thing after the other, in the order asked for. */
function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const done = last.then(work)
  last = done.catch(() => undefined)
  return done
}

/** Changes main's draft from here; what others have made of it since is shown afterwards. */
async function own<T>(conversationId: string | null, work: () => Promise<T>): Promise<T> {
  const key = keyOf(conversationId)
  underWay.add(key)
  try {
    return await work()
  } finally {
    underWay.delete(key)
    // Once whoever asked has said what is left to save.
    setTimeout(() => show(conversationId))
  }
}

/** Shows what another window has made of a draft, unless this one is about to replace it, or has done so since. */
async function show(conversationId: string | null): Promise<void> {
  const key = keyOf(conversationId)
  // One that was never looked at here is read when it is.
  if (!(await reads.get(key))) return
  const event = latest.get(key)
  if (!event || unsaved.has(key) || underWay.has(key) || event.revision <= (revisions.get(key) ?? 0)) return
  revisions.set(key, event.revision)
  put(conversationId, event.draft)
}

/** Asks main once, and puts what it has before what was typed meanwhile. @returns whether main has told */
function read(conversationId: string | null): Promise<boolean> {
  const key = keyOf(conversationId)
  const known = reads.get(key)
  if (known) return known
  const reading = call('drafts.get', boxOf(conversationId)).then(
    ({ text, attachments }) => {
      const typed = draftOf(conversationId)
      put(conversationId, { text: text + typed.text, attachments: [...attachments, ...typed.attachments] })
      return true
    },
    () => {
      // The chats cannot be read at the moment, which a notice tells; asked again at the next change.
      reads.delete(key)
      return false
    },
  )
  reads.set(key, reading)
  return reading
}

function saveSoon(conversationId: string | null): void {
  unsaved.add(keyOf(conversationId))
  clearTimeout(timer)
  timer = setTimeout(saveNow, pause)
}

function saveNow(): void {
  clearTimeout(timer)
  for (const key of unsaved) void inTurn(() => save(key))
}

/** What cannot be saved stays in the box, and is tried again with the next change. */
async function save(key: string): Promise<void> {
  const conversationId = idOf(key)
  // Sent meanwhile, or saved by an earlier turn.
  if (!unsaved.has(key) || !(await read(conversationId))) return
  unsaved.delete(key)
  const { text, attachments } = draftOf(conversationId)
  await own(conversationId, async () => {
    const { revision } = await call('drafts.keep', { ...boxOf(conversationId), text, attachments: [...attachments] })
    revisions.set(key, revision)
  }).catch(() => unsaved.add(key))
}
