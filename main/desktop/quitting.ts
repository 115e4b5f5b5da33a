import type { AtWork, Work } from './at-work.ts'
import { shownModel } from './shown-model.ts'
import type { DesktopTexts } from './texts.ts'

/** A question with two answers; the second one leaves everything as it is. */
export interface Question {
  readonly message: string
  readonly detail: string
  readonly buttons: readonly [yes: string, no: string]
}

interface QuittingOptions {
  readonly atWork: Pick<AtWork, 'lostAtEnd'>
  readonly ask: (question: Question) => Promise<boolean>
  readonly quit: () => void
  readonly texts: () => DesktopTexts
}

/**
 * Quits at the person's word, from a menu; asks first where something would be lost. Nothing else that ends the app
 * comes by here: the end of the session, a signal and an update are never held up by a question.
 */
export function quitter({ atWork, ask, quit, texts }: QuittingOptions): () => void {
  let asking = false
  return () => {
    // The question stands there already.
    if (asking) return
    const work = atWork.lostAtEnd
    if (!work) return quit()
    asking = true
    const { quitTitle, quitAnyway, goOn } = texts()
    void ask({ message: quitTitle, detail: lossOf(work, texts()), buttons: [quitAnyway, goOn] })
      .then(yes => yes && quit())
      .finally(() => {
        asking = false
      })
  }
}

const lossOf = ({ kind, subject }: Work, texts: DesktopTexts): string =>
  kind === 'move' ? texts.quitLosesMove : texts.quitLosesMaking.replace('{{model}}', () => shownModel(subject))
