import { create } from 'zustand'
import type { Attachment } from '../../../preload/contract.ts'
import { longest, mostAttachments } from '../../../preload/contract-limits.ts'
import type { TextKey } from '../../i18n/texts.ts'
import { call, problemFrom } from '../../state/bridge.ts'
import { changeDraft, type DraftPlace, draftOf } from '../../state/drafts.ts'
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

const noRefusals: Refusals = { last: null, others: 0, tooMany: 0 }
const none: Intake = { preparing: 0, refusals: noRefusals }

const useIntakes = create<Readonly<Record<string, Intake>>>(() => ({}))

const keyOf = (place: DraftPlace) => place ?? ''
const intakeOf = (place: DraftPlace) => useIntakes.getState()[keyOf(place)] ?? none

/** The files on their way into a draft. */
export const useIntake = (place: DraftPlace): Intake => useIntakes(intakes => intakes[keyOf(place)] ?? none)

let last: Promise<void> = Promise.resolve()

/** Takes files into a draft, one after the other; what cannot be taken is told beside the others. */
export function addPictures(place: DraftPlace, files: readonly File[]): Promise<void> {
  const { preparing } = intakeOf(place)
  change(place, { preparing: preparing + files.length, refusals: noRefusals })
  last = last.then(async () => {
    for (const file of files) await add(place, file)
  })
  return last
}

async function add(place: DraftPlace, file: File): Promise<void> {
  const refuse = (refusals: Partial<Refusals>) =>
    change(place, { refusals: { ...intakeOf(place).refusals, ...refusals } })
  const refuseOne = () => refuse({ tooMany: intakeOf(place).refusals.tooMany + 1 })
  try {
    // A document may take two minutes to read.
    if (draftOf(place).attachments.length >= mostAttachments) return refuseOne()
    for await (const kept of keptOf(file)) {
      const others = draftOf(place).attachments.filter(({ hash }) => hash !== kept.hash)
      if (others.length < mostAttachments) changeDraft(place, { attachments: [...others, kept] })
      else refuseOne()
    }
  } catch (error) {
    const { last, others } = intakeOf(place).refusals
    refuse({ last: refusalOf(file.name, error), others: last ? others + 1 : others })
  } finally {
    change(place, { preparing: intakeOf(place).preparing - 1 })
  }
}

/** What a file is attached as: a picture, what a document says, or the pages of a scan. */
async function* keptOf(file: File): AsyncGenerator<Attachment> {
  const name = file.name.slice(0, longest.fileName - longest.partName)
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
 * Takes a picture of the screen into a draft, or tells why not, and what to do.
 * @param name of the picture
 */
export async function addScreenshot(place: DraftPlace, name: string): Promise<void> {
  try {
    const { content } = await call('screenshots.take', {})
    await addPictures(place, [new File([content], name, { type: 'image/png' })])
  } catch (error) {
    change(place, { refusals: { ...noRefusals, last: refusalOf(name, error) } })
  }
}

function refusalOf(name: string, error: unknown): NonNullable<Refusals['last']> {
  if (error instanceof DocumentProblem) return { name, reason: null, advice: documentWords[error.trouble] }
  const { title, text } = problemWords(problemFrom(error))
  return { name, reason: title, advice: text }
}

/** Takes a picture or document out of a draft. */
export function dropPicture(place: DraftPlace, gone: Attachment): void {
  const attachments = draftOf(place).attachments.filter(({ hash }) => hash !== gone.hash)
  changeDraft(place, { attachments })
  forgetRefusals(place)
}

/** Something else is done with the pictures: what was refused before is said no longer. */
export const forgetRefusals = (place: DraftPlace): void => change(place, { refusals: noRefusals })

const change = (place: DraftPlace, to: Partial<Intake>): void =>
  useIntakes.setState({ [keyOf(place)]: { ...intakeOf(place), ...to } })
