import type { ProblemInfo } from '../../../../preload/contract.ts'
import type { TextKey } from '../../../i18n/texts.ts'
import { problemWords } from '../../../state/problem-words.ts'

interface PullWords {
  /** What happened. */
  readonly title: TextKey
  /** What was not lost, and what to do. */
  readonly text: TextKey
}

/** What means something else on the way here than in a chat. */
const own = new Map<string, PullWords>([
  ['not-found', { title: 'manage.notThere', text: 'manage.notThereText' }],
  ['unsupported-architecture', { title: 'manage.notRunnable', text: 'manage.notRunnableText' }],
])

/** The words for a pull that failed. */
export const pullWords = (problem: ProblemInfo): PullWords => own.get(problem.code) ?? problemWords(problem)

/** The same in one sentence, where there is room for no more. */
export const glanceWords = (problem: ProblemInfo): TextKey =>
  problem.code === 'registry' ? 'manage.unreachable' : pullWords(problem).title
