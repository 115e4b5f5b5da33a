const han = /\p{Script=Han}+/gu
/** What leads to a wish in Chinese, and measure words with their number: 帮我, 我想, 一封. */
const filler = /[请帮给让]+我|我[想要]*|[一这那几两][个封张篇段份首本条些]|可以|怎么|如何|[的吗呢吧]/g

const segmenter = new Intl.Segmenter('zh', { granularity: 'word' })

/** The words of what was typed. */
export interface QueryWords {
  /** Those that say what is meant. */
  readonly words: readonly string[]
  /** Chinese characters that stand by themselves: they count where no word says anything. */
  readonly characters: readonly string[]
}

/**
 * Cuts what was typed into words in small letters. Chinese has no spaces between them: a run of characters is cut as a
 * dictionary does. The smallest words of English are passed over, unless there are no others.
 */
export function queryWords(query: string): QueryWords {
  const pieces = query.toLowerCase().replace(han, cut).split(/\s+/).filter(Boolean)
  const characters = pieces.filter(piece => /^\p{Script=Han}$/u.test(piece))
  const all = pieces.filter(piece => !characters.includes(piece))
  const long = all.filter(word => !/^[a-z]{1,2}$/.test(word))
  return { words: long.length > 0 ? long : all, characters }
}

const cut = (run: string): string => {
  const words = [...segmenter.segment(run.replace(filler, ' '))].map(({ segment }) => segment)
  return ` ${words.join(' ')} `
}
