import { create } from 'zustand'
import type { Attachment } from '../../../preload/contract.ts'
import { mostAttachments } from '../../../preload/contract-limits.ts'
import type { TextKey } from '../../i18n/texts.ts'
import { call, problemFrom } from '../../state/bridge.ts'
import { changeDraft, draftOf } from '../../state/drafts.ts'
import { problemWords } from '../../state/problem-words.ts'
import { DocumentProblem, partName } from '../documents/document.ts'
import { documentWords } from '../documents/document-words.ts'
import { readDocument } from '../documents/read-document.ts'
import { isPicture, preparePicture } from './prepare-picture.ts'

/** Files that were not taken. */
export interface Refusals {
  /** The last one with a reason of its own. */
  readonly last: { readonly name: string; readonly reason: TextKey | null; readonly advice: TextKey } | null
  /** How many before that one were refused for a reason of their own. */
  readonly others: number
  /** How many were one too many. */
  readonly tooMany: number
}

/** Files on their way into a draft. */
export interface Intake {
  /** How many are being prepared. */
  readonly preparing: number
  readonly refusals: Refusals
}

/** Characters of a file's name that are kept: the contract takes 500, with what is said behind it. */
const longestName = 450

const noRefusals: Refusals = { last: null, others: 0, tooMany: 0 }
const none: Intake = { preparing: 0, refusals: noRefusals }

const useIntakes = create<Readonly<Record<string, Intake>>>(() => ({}))

const keyOf = (conversationId: string | null) => conversationId ?? ''
const intakeOf = (conversationId: string | null) => useIntakes.getState()[keyOf(conversationId)] ?? none

/** The files on their way into the composer of a chat. */
export const useIntake = (conversationId: string | null): Intake =>
  useIntakes(intakes => intakes[keyOf(conversationId)] ?? none)

let last: Promise<void> = Promise.resolve()

/** Takes files into the draft of a chat, one after the other; what cannot be taken is told beside the others. */
export function addPictures(conversationId: string | null, files: readonly File[]): Promise<void> {
  const { preparing } = intakeOf(conversationId)
  change(conversationId, { preparing: preparing + files.length, refusals: noRefusals })
  last = last.then(async () => {
    for (const file of files) await add(conversationId, file)
  })
  return last
}

async function add(conversationId: string | null, file: File): Promise<void> {
  const refuse = (refusals: Partial<Refusals>) =>
    change(conversationId, { refusals: { ...intakeOf(conversationId).refusals, ...refusals } })
  const refuseOne = () => refuse({ tooMany: intakeOf(conversationId).refusals.tooMany + 1 })
  try {
    // A document may take two minutes to read.
    if (draftOf(conversationId).attachments.length >= mostAttachments) return refuseOne()
    for await (const kept of keptOf(file)) {
      const others = draftOf(conversationId).attachments.filter(({ hash }) => hash !== kept.hash)
      if (others.length < mostAttachments) changeDraft(conversationId, { attachments: [...others, kept] })
      else refuseOne()
    }
  } catch (error) {
    const { last, others } = intakeOf(conversationId).refusals
    refuse({ last: refusalOf(file.name, error), others: last ? others + 1 : others })
  } finally {
    change(conversationId, { preparing: intakeOf(conversationId).preparing - 1 })
  }
}

/** What a file is attached as: a picture, what a document says, or the pages of a scan. */
async function* keptOf(file: File): AsyncGenerator<Attachment> {
  const name = file.name.slice(0, longestName)
  if (await isPicture(file)) {
    yield await call('attachments.add', { name, content: await preparePicture(file) })
    return
  }
  const content = await readDocument(file)
  if (content.kind === 'text') {
    yield await call('attachments.addText', { name: partName(name, content.part), text: content.text })
    return
  }
  for (const [index, page] of content.pictures.entries()) {
    yield await call('attachments.add', { name: `${name} ${index + 1}`, content: page })
  }
}

/**
 * Takes a picture of the screen into the draft of a chat, or tells why not, and what to do.
 * @param name of the picture
 */
export async function addScreenshot(conversationId: string | null, name: string): Promise<void> {
  try {
    const { content } = await call('screenshots.take', {})
    await addPictures(conversationId, [new File([content], name, { type: 'image/png' })])
  } catch (error) {
    change(conversationId, { refusals: { ...noRefusals, last: refusalOf(name, error) } })
  }
}

function refusalOf(name: string, error: unknown): NonNullable<Refusals['last']> {
  if (error instanceof DocumentProblem) return { name, reason: null, advice: documentWords[error.trouble] }
  const { title, text } = problemWords(problemFrom(error))
  return { name, reason: title, advice: text }
}

/** Takes a picture or document out of a chat's draft. */
export function dropPicture(conversationId: string | null, gone: Attachment): void {
  const attachments = draftOf(conversationId).attachments.filter(({ hash }) => hash !== gone.hash)
  changeDraft(conversationId, { attachments })
  forgetRefusals(conversationId)
}

/** Something else is done with the pictures: what was refused before is said no longer. */
export const forgetRefusals = (conversationId: string | null): void => change(conversationId, { refusals: noRefusals })

const change = (conversationId: string | null, to: Partial<Intake>): void =>
  useIntakes.setState({ [keyOf(conversationId)]: { ...intakeOf(conversationId), ...to } })
