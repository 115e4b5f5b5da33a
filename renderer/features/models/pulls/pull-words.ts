import type { ProblemInfo } from '../../../../preload/contract.ts'
import type { TextKey } from '../../../i18n/texts.ts'
import { type ProblemWords, problemWords } from '../../../state/problem-words.ts'

/** What means something else on the way here than in a chat. */
const own = new Map<string, ProblemWords>([
  ['not-found', { title: 'manage.notThere', text: 'manage.notThereText' }],
  ['unsupported-architecture', { title: 'manage.notRunnable', text: 'manage.notRunnableText' }],
])

/** The words for a pull that failed. */
export const pullWords = (problem: ProblemInfo): ProblemWords => own.get(problem.code) ?? problemWords(problem)

/** The same in one sentence, where there is room for no more. */
export const glanceWords = (problem: ProblemInfo): TextKey =>
  problem.code === 'registry' ? 'manage.unreachable' : pullWords(problem).title
