import { create } from 'zustand'
import type { FormSource } from '../../../../preload/contract.ts'
import { isRefusal, type Refusal, readSource, type TakenFile } from './read-source.ts'

/** A file or chat that was taken in. */
export interface TakenSource extends TakenFile {
  readonly id: number
}

/** What a form is to be run on next, until it is. */
export interface Sources {
  /** What the person has typed or pasted. */
  readonly text: string
  readonly files: readonly TakenSource[]
  /** Files that are being read. */
  readonly reading: number
  readonly refused: readonly Refusal[]
}

const none: Sources = { text: '', files: [], reading: 0, refused: [] }

const useAll = create<Readonly<Record<string, Sources>>>(() => ({}))

export const useSources = (formId: string): Sources => useAll(all => all[formId] ?? none)
export const useIsReading = (formId: string): boolean => useAll(all => (all[formId]?.reading ?? 0) > 0)
export const sourcesOf = (formId: string): Sources => useAll.getState()[formId] ?? none

/** Calls after each change of the sources of whatever form. */
export const onSourcesChanged = (listener: () => void): (() => void) => useAll.subscribe(listener)

export function changeSources(formId: string, to: Partial<Sources>): void {
  useAll.setState({ [formId]: { ...sourcesOf(formId), ...to } })
}

/** Takes the pictures off the list, where the model sees none. */
export const leaveOutPictures = (formId: string): void =>
  changeSources(formId, { files: sourcesOf(formId).files.filter(({ source }) => source.kind !== 'picture') })

let nextId = 1

/** A file as one of the list. */
export const taken = (file: TakenFile): TakenSource => ({ ...file, id: nextId++ })

/** Takes a source in, after the others. */
export function addSource(formId: string, file: TakenFile): void {
  changeSources(formId, { files: [...sourcesOf(formId).files, taken(file)] })
}

/** Takes files in, one after the other; what cannot be taken is told beside the others. */
export async function addFiles(formId: string, files: readonly File[]): Promise<void> {
  changeSources(formId, { reading: sourcesOf(formId).reading + files.length, refused: [] })
  for (const file of files) {
    const read = await readSource(file)
    const { refused, reading } = sourcesOf(formId)
    changeSources(formId, { reading: reading - 1, ...(isRefusal(read) ? { refused: [...refused, read] } : {}) })
    if (!isRefusal(read)) addSource(formId, read)
  }
}

/** All that is to be run: what was typed first. */
export function listed({ text, files }: Sources): FormSource[] {
  return [
    ...(text.trim() === '' ? [] : [{ kind: 'text' as const, name: '', text }]),
    ...files.map(({ source }) => source),
  ]
}
