import type { ProblemInfo } from '../../preload/contract.ts'
import type { ProblemCode } from '../../preload/contract-problems.ts'
import type { TextKey } from '../i18n/texts.ts'

/** What the person can do about a problem, as one button. */
export type Remedy = 'try-again' | 'choose-model' | 'new-chat'

export interface ProblemWords {
  /** What happened. */
  readonly title: TextKey
  /** What was not lost, and what to do. */
  readonly text: TextKey
}

interface Words extends ProblemWords {
  readonly remedy: Remedy
}

const words = (name: ProblemName, remedy: Remedy): Words => ({
  title: `problems.${name}`,
  text: `problems.${name}Text`,
  remedy,
})

type ProblemName = Extract<TextKey, `problems.${string}Text`> extends `problems.${infer Name}Text` ? Name : never

/** What is `internal`, or unknown to this window, has general words. */
const byCode: Readonly<Record<Exclude<ProblemCode, 'internal'>, Words>> = {
  'invalid-request': words('invalidRequest', 'try-again'),
  'model-not-found': words('modelNotFound', 'choose-model'),
  'capability-missing': words('capabilityMissing', 'choose-model'),
  'cannot-see': words('cannotSee', 'choose-model'),
  'not-a-picture': words('notAPicture', 'try-again'),
  'broken-picture': words('brokenPicture', 'try-again'),
  'picture-too-large': words('pictureTooLarge', 'try-again'),
  'picture-missing': words('pictureMissing', 'try-again'),
  'screen-refused': words('screenRefused', 'try-again'),
  'empty-chat': words('emptyChat', 'try-again'),
  'invalid-form': words('invalidForm', 'try-again'),
  'answer-cut-off': words('answerCutOff', 'try-again'),
  'broken-model-file': words('brokenModelFile', 'choose-model'),
  'unsupported-architecture': words('unsupportedArchitecture', 'choose-model'),
  'out-of-memory': words('outOfMemory', 'choose-model'),
  'context-too-long': words('contextTooLong', 'new-chat'),
  'engine-crashed': words('engineCrashed', 'try-again'),
  busy: words('busy', 'try-again'),
  'in-use': words('inUse', 'try-again'),
  cancelled: words('cancelled', 'try-again'),
  'disk-full': words('diskFull', 'try-again'),
  'not-found': words('notFound', 'new-chat'),
  registry: words('registry', 'try-again'),
  'registry-refused': words('registryRefused', 'try-again'),
  unauthorized: words('unauthorized', 'try-again'),
  'wrong-digest': words('wrongDigest', 'try-again'),
  database: words('database', 'try-again'),
  'file-unreadable': words('fileUnreadable', 'try-again'),
  'file-unwritable': words('fileUnwritable', 'try-again'),
  'foreign-file': words('foreignFile', 'try-again'),
  'newer-file': words('newerFile', 'try-again'),
  'models-moving': words('modelsMoving', 'try-again'),
  'models-away': words('modelsAway', 'try-again'),
  'models-in-use': words('modelsInUse', 'try-again'),
  'models-not-ours': words('modelsNotOurs', 'try-again'),
  'models-read-only': words('modelsReadOnly', 'try-again'),
  'models-folder-fixed': words('modelsFolderFixed', 'try-again'),
  'folder-not-empty': words('folderNotEmpty', 'try-again'),
  'folder-not-usable': words('folderNotUsable', 'try-again'),
  'no-models-there': words('noModelsThere', 'try-again'),
  'copy-differs': words('copyDiffers', 'try-again'),
  'update-failed': words('updateFailed', 'try-again'),
  'update-not-genuine': words('updateNotGenuine', 'try-again'),
  'command-taken': words('commandTaken', 'try-again'),
  'command-unwritable': words('commandUnwritable', 'try-again'),
  'app-not-in-place': words('appNotInPlace', 'try-again'),
  'port-taken': words('portTaken', 'try-again'),
  'port-forbidden': words('portForbidden', 'try-again'),
  'bad-origin': words('badOrigin', 'try-again'),
}
const unknown = words('internal', 'try-again')

/** The words for a problem; an unknown code gets the honest general ones. */
export function problemWords({ code }: ProblemInfo): Words {
  return Object.hasOwn(byCode, code) ? byCode[code as keyof typeof byCode] : unknown
}
