import { oneLine } from '../../one-line.ts'
import { widthOf } from './first-words.ts'

/** Widest title taken from a model; what is wider is a sentence, and says less at a glance than the first words do. */
const widest = 60

const han = /\p{Script=Han}/gu
const latin = /\p{Script=Latin}/gu
const kana = /[\p{Script=Hiragana}\p{Script=Katakana}]/u

/**
 * Chinese rather than Japanese, or another language that quotes Chinese. A character says about as much as two letters.
 */
function isChinese(text: string): boolean {
  const count = (signs: RegExp) => text.match(signs)?.length ?? 0
  return count(han) > 0 && 2 * count(han) >= count(latin) && !kana.test(text)
}

/**
 * What a model is asked after a conversation, to name it in the conversation's language.
 * @param question the first of the conversation
 */
export function titleRequest(question: string): string {
  return isChinese(question)
    ? '请给这段对话起一个简短的标题，不超过十个字。只回答标题。'
    : 'Give this conversation a short title. Answer with the title alone, in at most five words, in the language of the conversation.'
}

/**
 * The title in what a model answered, without the quotes, labels and marks that models put around it.
 * @param question the first of the conversation
 * @param said what was asked and answered in it
 * @returns undefined for none: nothing, a whole sentence, another language than the question's, words of the request,
 * debris, or a name for something nobody spoke of, as the smallest models write
 */
export function writtenTitle(answer: string, question: string, said: string): string | undefined {
  const first = answer.split('\n').find(line => line.trim() !== '') ?? ''
  const title = oneLine(first)
    .replace(/^[#>*_\s-]+|[*_\s]+$/g, '')
    .replace(/^(title|标题)\s*[:：]\s*/i, '')
    .replace(/^["'“”‘’「『《`*]+|["'“”‘’」』》`*]+$/g, '')
    .replace(/[.。]+$/, '')
    .trim()
  if (title === '' || widthOf(title) > widest) return undefined
  const fits = isChinese(question) ? title.search(han) >= 0 : !isChinese(title)
  if (!fits || debris.test(title) || repeatsRequest(title, question)) return undefined
  return isSpokenOf(title, said) ? title : undefined
}

/** Halves of characters, pieces of JSON, the same letters or words three times over. */
const debris = /\ufffd|[{}]|"\s*[:,]|([\p{L} ]{2,20}?)\1{2}/u

const wordsOf = new Intl.Segmenter(undefined, { granularity: 'word' })

/** Whether one of a title's longer words, or its beginning, occurs in what was said. */
function isSpokenOf(title: string, said: string): boolean {
  const heard = said.toLowerCase()
  const words = [...wordsOf.segment(title.toLowerCase())].flatMap(({ segment, isWordLike }) =>
    isWordLike ? [segment] : [],
  )
  const long = words.filter(word => widthOf(word) >= 4)
  return (long.length > 0 ? long : words).some(word => heard.includes(word.slice(0, 4)))
}

/** Small models give back what they were asked: "Capital of the most five words". */
function repeatsRequest(title: string, question: string): boolean {
  const asked = neighbours(titleRequest(question))
  const meant = neighbours(question)
  return [...neighbours(title)].some(pair => asked.has(pair) && !meant.has(pair))
}

/** Every two words that follow each other, and of Chinese every three characters. */
function neighbours(text: string): Set<string> {
  const pairs = (units: readonly string[], size: number) =>
    units.slice(size - 1).map((_, end) => units.slice(end, end + size).join(' '))
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []
  return new Set([...pairs(words, 2), ...pairs(text.match(han) ?? [], 3)])
}
