import type { TFunction } from 'i18next'
import type { Fit } from '../../../../preload/contract.ts'
import { fileSize, number } from '../../../i18n/format.ts'

/** Tokens on a printed page: some 500 words. */
const tokensPerPage = 670
/** As much of all memory as programs leave that a person can close. */
const closable = 0.85

const slowBy = { processor: 'fit.slowProcessor', both: 'fit.slowBoth', graphics: 'fit.slowGraphics' } as const

/** Whether a model runs on this computer, in one sentence. */
export function fitSentence(fit: Fit, t: TFunction, language: string): string {
  const size = (bytes: number) => fileSize(bytes, language)
  switch (fit.verdict) {
    case 'well':
    case 'unsupported':
      return t(`fit.${fit.verdict}`)
    case 'slow':
      return t(slowBy[fit.computedBy], { words: number(fit.wordsPerSecond, language, fit.wordsPerSecond < 1 ? 1 : 0) })
    case 'forgetful':
      return t('fit.forgetful', { pages: number(Math.max(1, Math.round(fit.contextSize / tokensPerPage)), language) })
    case 'too-large': {
      const fitsOtherwise = fit.needed <= fit.total * closable
      const values = { needed: size(fit.needed), free: size(fit.free), total: size(fit.total) }
      return t(fitsOtherwise ? 'fit.tooLargeNow' : 'fit.tooLarge', values)
    }
    case 'disk-full':
      return t('fit.diskFull', { download: size(fit.download), free: size(fit.diskFree ?? 0) })
  }
}
