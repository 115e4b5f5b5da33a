import { useEffect } from 'react'
import { create } from 'zustand'
import type { Draft, DraftBox, StreamEvent } from '../../preload/contract.ts'
import { call, subscribe } from './bridge.ts'

/**
 * What is typed and not sent: in the composers of chats, and in questions that are edited. Main keeps it on disk; here
 * it is read once, and changed as the person types, here or in another window. An edit is there as long as its box is
 * open.
 */
const useDrafts = create<Readonly<Record<string, Draft | undefined>>>(() => ({}))

/** Where a draft stands: the id of a chat, null for the one this window has not begun, or what `editOf` gives. */
export type DraftPlace = string | null

/** Where what a question is edited to stands. */
export const editOf = (conversationId: string, messageId: string): DraftPlace => `${conversationId}/${messageId}`

const nothing: Draft = { text: '', attachments: [] }
const isNothing = ({ text, attachments, tuning }: Draft) => text === '' && attachments.length === 0 && !tuning
const keyOf = (place: DraftPlace) => place ?? ''
const placeOf = (key: string): DraftPlace => (key === '' ? null : key)
const isEdit = (place: DraftPlace): place is string => place?.includes('/') ?? false

function boxOf(place: DraftPlace): DraftBox {
  if (place === null) return { conversationId: null, window: window.hearth.window }
  const [conversationId = '', editedId] = place.split('/')
  return { conversationId, editedId }
}

const placeOfBox = ({ conversationId, editedId }: DraftBox): DraftPlace =>
  conversationId !== null && editedId !== undefined ? editOf(conversationId, editedId) : conversationId

/** Milliseconds without a change before it is saved. */
const pause = 250

/** The draft of a place. */
export function useDraft(place: DraftPlace): Draft {
  const draft = useDrafts(drafts => drafts[keyOf(place)])
  useEffect(() => {
    if (!isEdit(place)) void read(place)
  }, [place])
  return draft ?? nothing
}

/** The same, at this moment. */
export const draftOf = (place: DraftPlace): Draft => useDrafts.getState()[keyOf(place)] ?? nothing

/** Whether a question is being edited. */
export const useIsEdited = (place: DraftPlace): boolean => useDrafts(drafts => drafts[keyOf(place)] !== undefined)

/** The question of a chat that the person began to edit last; null when none is edited. */
export const useLastEdited = (conversationId: string | null): string | null =>
  useDrafts(drafts => {
    const edits = Object.keys(drafts).filter(key => key.startsWith(`${conversationId}/`) && drafts[key] !== undefined)
    return edits.at(-1)?.split('/')[1] ?? null
  })

/** Begins to edit: with what was kept of an earlier edit, else with what the question holds. */
export async function beginEdit(place: DraftPlace, from: Draft): Promise<void> {
  await read(place)
  if (useDrafts.getState()[keyOf(place)] === undefined) put(place, from)
}

/** Goes on with the edits of a chat that were kept. */
export async function readEdits(conversationId: string): Promise<void> {
  const { messageIds } = await call('drafts.edits', { conversationId })
  await Promise.all(messageIds.map(messageId => read(editOf(conversationId, messageId))))
}

/** Gives up an edit. */
export function dropEdit(place: DraftPlace): void {
  put(place, undefined)
  unsaved.add(keyOf(place))
  saveNow()
}

/** Changes a draft, and saves it once the person pauses. What comes for an edit that was given up is left out. */
export function changeDraft(place: DraftPlace, change: Partial<Draft>): void {
  if (isEdit(place) && useDrafts.getState()[place] === undefined) return
  put(place, { ...draftOf(place), ...change })
  saveSoon(place)
}

/** Writes a text into a draft, behind what stands there. */
export async function addToDraft(place: DraftPlace, text: string): Promise<void> {
  await read(place)
  const { text: before } = draftOf(place)
  changeDraft(place, { text: before === '' ? text : `${before}\n\n${text}` })
}

/**
 * Makes a question of a draft. What is typed meanwhile stays; else the draft is gone, as main forgets it in the same
 * write. Nothing is saved before this is over: a late save would bring back what was sent.
 * @param send takes what stands in the box now. @returns what `send` does: whether main has it on disk
 */
export function sendDraft(place: DraftPlace, send: (draft: Draft) => Promise<boolean>): Promise<boolean> {
  const draft = draftOf(place)
  return inTurn(async () => {
    const sent = await own(place, () => send(draft))
    if (!sent) {
      saveSoon(place)
      return false
    }
    unsaved.delete(keyOf(place))
    const now = draftOf(place)
    const left = {
      text: now.text === draft.text ? '' : now.text,
      attachments: now.attachments.filter(picture => !draft.attachments.includes(picture)),
    }
    put(place, isNothing(left) ? undefined : left)
    if (!isNothing(left)) saveSoon(place)
    return true
  })
}

/** Follows what other windows write, and saves what waits for a pause when this one goes, or may go. Call once. */
export function followDrafts(): void {
  subscribe('drafts.watch', {}, event => {
    // Of another window's chat that is not begun.
    if (event.conversationId === null && (event.window ?? 1) !== window.hearth.window) return
    const place = placeOfBox(event)
    latest.set(keyOf(place), event)
    void show(place)
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

function put(place: DraftPlace, draft: Draft | undefined): void {
  const { [keyOf(place)]: before, ...others } = useDrafts.getState()
  // An edit that begins comes last.
  if (before === undefined) useDrafts.setState({ ...others, [keyOf(place)]: draft }, true)
  else useDrafts.setState({ [keyOf(place)]: draft })
}

/** One thing after the other, in the order asked for. */
function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const done = last.then(work)
  last = done.catch(() => undefined)
  return done
}

/** Changes main's draft from here; what others have made of it since is shown afterwards. */
async function own<T>(place: DraftPlace, work: () => Promise<T>): Promise<T> {
  const key = keyOf(place)
  underWay.add(key)
  try {
    return await work()
  } finally {
    underWay.delete(key)
    // Once whoever asked has said what is left to save.
    setTimeout(() => show(place))
  }
}

/** Shows what another window has made of a draft, unless this one is about to replace it, or has done so since. */
async function show(place: DraftPlace): Promise<void> {
  const key = keyOf(place)
  // One that was never looked at here is read when it is.
  if (!(await reads.get(key))) return
  const event = latest.get(key)
  if (!event || unsaved.has(key) || underWay.has(key) || event.revision <= (revisions.get(key) ?? 0)) return
  revisions.set(key, event.revision)
  put(place, isNothing(event.draft) ? undefined : event.draft)
}

/** Asks main once, and puts what it has before what was typed meanwhile. @returns whether main has told */
function read(place: DraftPlace): Promise<boolean> {
  const key = keyOf(place)
  const known = reads.get(key)
  if (known) return known
  const reading = call('drafts.get', boxOf(place)).then(
    kept => {
      const typed = draftOf(place)
      if (isNothing(kept)) return true
      const { text, attachments } = typed
      put(place, {
        text: kept.text + text,
        attachments: [...kept.attachments, ...attachments],
        tuning: typed.tuning ?? kept.tuning,
      })
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

function saveSoon(place: DraftPlace): void {
  unsaved.add(keyOf(place))
  clearTimeout(timer)
  timer = setTimeout(saveNow, pause)
}

function saveNow(): void {
  clearTimeout(timer)
  for (const key of unsaved) void inTurn(() => save(key))
}

/** What cannot be saved stays in the box, and is tried again with the next change. */
async function save(key: string): Promise<void> {
  const place = placeOf(key)
  // Sent meanwhile, or saved by an earlier turn.
  if (!unsaved.has(key) || !(await read(place))) return
  unsaved.delete(key)
  const { text, attachments, tuning } = draftOf(place)
  await own(place, async () => {
    const { revision } = await call('drafts.keep', { ...boxOf(place), text, attachments: [...attachments], tuning })
    revisions.set(key, revision)
  }).catch(() => unsaved.add(key))
}
