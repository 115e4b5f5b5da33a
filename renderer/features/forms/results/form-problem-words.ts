import type { ProblemInfo } from '../../../../preload/contract.ts'
import type { TextKey } from '../../../i18n/texts.ts'
import { problemWords, type Remedy } from '../../../state/problem-words.ts'

interface FormProblemWords {
  readonly title: TextKey
  readonly text: TextKey
  readonly remedy: Extract<Remedy, 'try-again' | 'choose-model'>
}

/** What a form says differently than a chat: nothing was asked that could be kept, the source is. */
const own = new Map<string, FormProblemWords>([
  ['interrupted', { title: 'forms.interrupted', text: 'forms.interruptedText', remedy: 'choose-model' }],
  ['context-too-long', { title: 'forms.tooLongForModel', text: 'forms.tooLongForModelText', remedy: 'choose-model' }],
  ['invalid-request', { title: 'problems.invalidForm', text: 'problems.invalidFormText', remedy: 'try-again' }],
  ['invalid-form', { title: 'problems.invalidForm', text: 'problems.invalidFormText', remedy: 'try-again' }],
  ['model-not-found', otherModel('problems.modelNotFound', 'forms.otherModelText')],
  ['capability-missing', otherModel('forms.modelCannot', 'forms.otherModelText')],
  ['broken-model-file', otherModel('problems.brokenModelFile', 'forms.otherModelText')],
  ['unsupported-architecture', otherModel('problems.unsupportedArchitecture', 'forms.otherModelText')],
  ['cannot-see', otherModel('problems.cannotSee', 'forms.seeingModelText')],
  ['out-of-memory', otherModel('problems.outOfMemory', 'forms.smallerModelText')],
  ['not-found', { title: 'forms.chatMissing', text: 'forms.chatMissingText', remedy: 'try-again' }],
  ['picture-missing', { title: 'problems.pictureMissing', text: 'forms.pictureMissingText', remedy: 'try-again' }],
])

/** Whose words say what to do in a form as well. */
const general = new Set(['answer-cut-off', 'empty-chat', 'disk-full', 'database', 'models-away'])

function otherModel(title: TextKey, text: TextKey): FormProblemWords {
  return { title, text, remedy: 'choose-model' }
}

export function formProblemWords(problem: ProblemInfo): FormProblemWords {
  const { title, text } = problemWords(problem)
  const known = own.get(problem.code)
  return known ?? { title, text: general.has(problem.code) ? text : 'forms.sourceKept', remedy: 'try-again' }
}
