import { create } from 'zustand'
import type { Attachment } from '../../../preload/contract.ts'
import { mostAttachments } from '../../../preload/contract-limits.ts'
import type { TextKey } from '../../i18n/texts.ts'
import { call, problemFrom } from '../../state/bridge.ts'
import { problemWords } from '../../state/problem-words.ts'
import { preparePicture } from './prepare-picture.ts'

/** Files that were not taken. */
export interface Refusals {
  /** The last one with a reason of its own. */
  readonly last: { readonly name: string; readonly reason: TextKey } | null
  /** How many were one too many. */
  readonly tooMany: number
}

/** The pictures of a question that is not sent. */
export interface DraftPictures {
  readonly pictures: readonly Attachment[]
  /** How many are being prepared. */
  readonly preparing: number
  readonly refusals: Refusals
}

const noRefusals: Refusals = { last: null, tooMany: 0 }

const key = (conversationId: string | null) => `hearth.pictures.${conversationId ?? 'new'}`

/** By the key of their chat; what is not here yet is read from the store. */
const useDrafts = create<Readonly<Record<string, DraftPictures>>>(() => ({}))

/** The pictures in the composer of a chat. */
export function useDraftPictures(conversationId: string | null): DraftPictures {
  // Drawn again when they change; the first look is at the store.
  useDrafts(drafts => drafts[key(conversationId)])
  return draftPictures(conversationId)
}

/** The same, asked once. */
export function draftPictures(conversationId: string | null): DraftPictures {
  const name = key(conversationId)
  const known = useDrafts.getState()[name]
  if (known) return known
  return { pictures: readPictures(name), preparing: 0, refusals: noRefusals }
}

let last: Promise<void> = Promise.resolve()

/** Takes files into the question of a chat, one after the other; what cannot be taken is told beside the others. */
export function addPictures(conversationId: string | null, files: readonly File[]): Promise<void> {
  const { preparing } = draftPictures(conversationId)
  change(conversationId, { preparing: preparing + files.length, refusals: noRefusals })
  last = last.then(async () => {
    for (const file of files) await add(conversationId, file)
  })
  return last
}

async function add(conversationId: string | null, file: File): Promise<void> {
  const refuse = (refusals: Partial<Refusals>) => {
    const now = draftPictures(conversationId)
    change(conversationId, { refusals: { ...now.refusals, ...refusals } })
  }
  try {
    const { pictures, refusals } = draftPictures(conversationId)
    if (pictures.length >= mostAttachments) return refuse({ tooMany: refusals.tooMany + 1 })
    const content = await preparePicture(file)
    const picture = await call('attachments.add', { name: file.name.slice(0, 500), content })
    const others = draftPictures(conversationId).pictures.filter(({ hash }) => hash !== picture.hash)
    change(conversationId, { pictures: [...others, picture] })
  } catch (error) {
    refuse({ last: { name: file.name, reason: problemWords(problemFrom(error)).title } })
  } finally {
    change(conversationId, { preparing: draftPictures(conversationId).preparing - 1 })
  }
}

/** Takes pictures out of a chat's question: removed by the person, or sent. */
export function dropPictures(conversationId: string | null, gone: readonly Attachment[]): void {
  const hashes = new Set(gone.map(({ hash }) => hash))
  const pictures = draftPictures(conversationId).pictures.filter(({ hash }) => !hashes.has(hash))
  change(conversationId, { pictures, refusals: noRefusals })
}

function change(conversationId: string | null, to: Partial<DraftPictures>): void {
  const name = key(conversationId)
  const draft = { ...draftPictures(conversationId), ...to }
  useDrafts.setState({ [name]: draft })
  if (draft.pictures.length === 0) localStorage.removeItem(name)
  else localStorage.setItem(name, JSON.stringify(draft.pictures))
}

/** Only what this window wrote; main checks it again when it is sent. */
function readPictures(name: string): readonly Attachment[] {
  return JSON.parse(localStorage.getItem(name) ?? '[]') as Attachment[]
}
