import { modelSetting } from '../../../preload/contract-limits.ts'
import type { TextKey } from '../../i18n/texts.ts'
import type { DraftPlace } from '../../state/drafts.ts'
import { attempt } from '../../state/perform.ts'
import { go, type Place } from '../../state/place.ts'
import { showToast } from '../../state/toasts.ts'
import { useForms } from '../forms/forms-store.ts'
import { takeDropped } from '../models/making/draft-store.ts'
import { addPictures } from '../pictures/draft-pictures.ts'

/** What a place does with files. */
interface Taker {
  /** What is said while files hover above it. */
  readonly text: TextKey
  readonly take: (files: readonly File[]) => void
}

/** Whether a file can become a model and nothing else, by its name. */
const isModelFile = ({ name }: File): boolean => /\.(gguf|safetensors)$/i.test(name)

/** Files that are to become a model are described where one is made. */
const model: Taker = {
  text: 'making.drop',
  take: files => {
    go({ kind: 'models', view: 'create' })
    attempt(() => takeDropped(files))
  },
}

const question = (place: DraftPlace): Taker => ({
  text: 'pictures.drop',
  take: files => attempt(() => addPictures(place, files)),
})

const form = (formId: string): Taker => ({
  text: 'forms.drop',
  take: files =>
    attempt(async () => {
      // Form Studio is loaded when somebody goes there.
      const { addFiles } = await import('../forms/fill/sources-store.ts')
      await addFiles(formId, files)
    }),
})

const nothing: Taker = { text: 'drops.models', take: () => showToast({ text: 'drops.notHere' }) }

/** Who takes files that are dropped while the window is at a place. */
export function takerAt(place: Place): Taker {
  if (place.kind === 'models') return model
  if (place.kind === 'chat') return question(place.conversationId)
  if (place.kind !== 'forms') return nothing
  const open = useForms.getState().forms?.find(({ id }) => id === place.formId)
  return open ? form(open.id) : nothing
}

/**
 * Takes what was dropped while the window was at a place: model files lead to where a model is made, from everywhere.
 * @param onto the draft whose box it was dropped on; undefined for anything else
 */
export function takeFiles(place: Place, files: readonly File[], onto?: string): void {
  const here = onto === undefined ? takerAt(place) : question(onto)
  const goesAlong = ({ name }: File) => modelSetting.test(name) && files.some(isModelFile)
  const models = here === model ? files : files.filter(file => isModelFile(file) || goesAlong(file))
  const others = files.filter(file => !models.includes(file))
  if (others.length > 0) here.take(others)
  if (models.length > 0) model.take(models)
}
