import type { TFunction } from 'i18next'
import type { Making, ProblemInfo } from '../../../../preload/contract.ts'
import { fileSize, percent } from '../../../i18n/format.ts'
import { type ProblemWords, problemWords } from '../../../state/problem-words.ts'

const refused = { title: 'making.refused', text: 'making.refusedText' } as const
const stopped = { title: 'making.stopped', text: 'making.stoppedText' } as const

/** What means something else here than in a chat. */
const own = new Map<string, ProblemWords>([
  ['invalid-request', refused],
  ['not-found', { title: 'making.filesGone', text: 'making.filesGoneText' }],
  ['model-not-found', { title: 'making.baseGone', text: 'making.baseGoneText' }],
  ['broken-model-file', { title: 'making.notAModel', text: 'making.notAModelText' }],
  ['unsupported-architecture', { title: 'making.notConvertible', text: 'making.notConvertibleText' }],
  ['disk-full', { title: 'making.diskFull', text: 'making.diskFullText' }],
  ['engine-crashed', stopped],
  ['out-of-memory', stopped],
])

/** The words for a model that could not be made, or files that could not be taken. */
export const makingWords = (problem: ProblemInfo): ProblemWords => own.get(problem.code) ?? problemWords(problem)

/** What is being done, and how far it is where that can be told. */
export function stepWords({ step, completed, total }: Making, t: TFunction, language: string): string[] {
  const size = (bytes: number) => fileSize(bytes, language)
  const amount =
    total > 0
      ? [percent(completed / total, language), t('manage.amount', { completed: size(completed), total: size(total) })]
      : []
  return [t(`making.${step}`), ...amount]
}
