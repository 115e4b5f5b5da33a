import type { Work } from './at-work.ts'
import { shownModel } from './shown-model.ts'
import type { DesktopTexts } from './texts.ts'

/** What is at work in a few words, with how far it is where that can be told: "Getting gemma3 · 42%". */
export function workWords({ kind, subject, done }: Work, texts: DesktopTexts): string {
  const words = {
    answer: texts.answering,
    pull: texts.getting.replace('{{model}}', () => shownModel(subject)),
    making: subject === '' ? texts.makingTrial : texts.makingModel.replace('{{model}}', () => shownModel(subject)),
    form: texts.fillingForm.replace('{{form}}', () => subject),
    move: texts.movingModels,
  }[kind]
  return done === null ? words : `${words} · ${Math.floor(100 * done)}%`
}
