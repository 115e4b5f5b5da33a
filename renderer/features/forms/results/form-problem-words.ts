import type { ProblemInfo } from '../../../../preload/contract.ts'
import { type ProblemWords, problemWords } from '../../../state/problem-words.ts'

/** What a form says differently than a chat: nothing was asked that could be kept, the source is. */
const own = new Map<string, ProblemWords>([
  ['interrupted', { title: 'forms.interrupted', text: 'forms.interruptedText' }],
  ['context-too-long', { title: 'forms.tooLongForModel', text: 'forms.tooLongForModelText' }],
  ['invalid-request', { title: 'problems.invalidForm', text: 'problems.invalidFormText' }],
  ['invalid-form', { title: 'problems.invalidForm', text: 'problems.invalidFormText' }],
])

export function formProblemWords(problem: ProblemInfo): ProblemWords {
  const known = own.get(problem.code)
  if (problem.code === 'answer-cut-off') return problemWords(problem)
  return known ?? { title: problemWords(problem).title, text: 'forms.sourceKept' }
}
