import type { TFunction } from 'i18next'
import type { Fit } from '../../../../preload/contract.ts'
import { fileSize, isChinese, number } from '../../../i18n/format.ts'

/** Tokens on a printed page: some 500 words. */
const tokensPerPage = 670
/** What a token holds: of English so much of a word, of Chinese about a character. */
const wordsPerToken = 0.75
/** As much of all memory as programs leave that a person can close. */
const closable = 0.85

/** Words a second beyond which nobody reads along. */
const fasterThanRead = 40

const slowBy = { processor: 'fit.slowProcessor', both: 'fit.slowBoth', graphics: 'fit.slowGraphics' } as const

/**
 * Whether a model runs on this computer, in one sentence.
 * @param chats whether it answers; of one that finds texts by meaning neither pace nor pages say anything
 */
export function fitSentence(fit: Fit, t: TFunction, language: string, chats = true): string {
  const size = (bytes: number) => fileSize(bytes, language)
  const pages = number(Math.max(1, Math.round(fit.contextSize / tokensPerPage)), language)
  switch (fit.verdict) {
    case 'well':
      if (!chats) return t('fit.wellSilent')
      if (fit.wordsPerSecond > fasterThanRead) return t('fit.wellFast', { pages })
      return t('fit.well', { words: pace(fit.wordsPerSecond, language), pages })
    case 'unsupported':
      return t('fit.unsupported')
    case 'slow':
      return chats ? t(slowBy[fit.computedBy], { words: pace(fit.wordsPerSecond, language) }) : t('fit.slowSilent')
    case 'forgetful':
      return t('fit.forgetful', { pages })
    case 'too-large': {
      const fitsOtherwise = fit.needed <= fit.total * closable
      const values = { needed: size(fit.needed), free: size(fit.free), total: size(fit.total) }
      return t(fitsOtherwise ? 'fit.tooLargeNow' : 'fit.tooLarge', values)
    }
    case 'disk-full':
      return t('fit.diskFull', { download: size(fit.download), free: size(fit.diskFree ?? 0) })
  }
}

/** How quickly it writes a second, in what its reader counts: words or, in Chinese, characters. */
function pace(wordsPerSecond: number, language: string): string {
  const value = isChinese(language) ? wordsPerSecond / wordsPerToken : wordsPerSecond
  return number(value, language, value < 1 ? 1 : 0)
}
