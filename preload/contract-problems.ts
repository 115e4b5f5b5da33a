/**
 * Kinds of trouble: what main tells the window beside an English text, and the window has words for in the person's
 * language.
 */
export type ProblemCode =
  | 'invalid-request'
  | 'model-not-found'
  | 'capability-missing'
  /** A picture was sent to a model that has no eyes. */
  | 'cannot-see'
  | 'broken-model-file'
  | 'unsupported-architecture'
  | 'out-of-memory'
  | 'context-too-long'
  | 'engine-crashed'
  /** Too many ask for models at once. */
  | 'busy'
  /** What it is about is being changed already: a chat whose answer is written, backups that are made. */
  | 'in-use'
  | 'cancelled'
  | 'disk-full'
  | 'not-found'
  /** A registry cannot be reached, or is busy: waiting may help. */
  | 'registry'
  | 'registry-refused'
  | 'unauthorized'
  /** Downloaded bytes are not those that were asked for; they are gone again. */
  | 'wrong-digest'
  | 'database'
  /** A file the person has chosen cannot be read, or not be written where they want it. */
  | 'file-unreadable'
  | 'file-unwritable'
  /** A file that was to be imported holds no chats, or was written by a later version. */
  | 'foreign-file'
  | 'newer-file'
  | 'not-a-picture'
  | 'broken-picture'
  | 'picture-too-large'
  /** It was taken away from where Hearth keeps it. */
  | 'picture-missing'
  /** The system lets nobody, or not Hearth, see what is on the screen. */
  | 'screen-refused'
  /** A chat that a form is to be run on holds nothing. */
  | 'empty-chat'
  /** Fields that no answer can be bound by. */
  | 'invalid-form'
  /** A form's answer met the limit of its length, or of the context. */
  | 'answer-cut-off'
  /** The API is to listen where another program does, or where the system lets nobody without rights. */
  | 'port-taken'
  | 'port-forbidden'
  /** An origin for which the API is to answer is none. */
  | 'bad-origin'
  /** The models folder is on its way to another place, and takes no change meanwhile. */
  | 'models-moving'
  /** The models folder is not there any more: its disk may be away. */
  | 'models-away'
  /** Another Hearth uses the models folder, which would be moved away under it. */
  | 'models-in-use'
  /** The models folder may only be read: its files could be copied, and not be removed. */
  | 'models-not-ours'
  /** The models in the folder can be used, but none be added, changed or removed: it is another user's. */
  | 'models-read-only'
  /** OLLAMA_MODELS says where the models lie. */
  | 'models-folder-fixed'
  /** A folder that models cannot be moved to: it holds something, or is none, or the one they lie in. */
  | 'folder-not-empty'
  | 'folder-not-usable'
  /** A folder whose models were to be used has none. */
  | 'no-models-there'
  /** A copied file does not hold what was copied; it was removed. */
  | 'copy-differs'
  /** The server for newer versions of Hearth cannot be reached, or told nonsense. */
  | 'update-failed'
  /** What it sent is not what was announced; it was thrown away. */
  | 'update-not-genuine'
  /** The command `hearth` cannot be laid: the name is another program's, or nobody may write there. */
  | 'command-taken'
  | 'command-unwritable'
  /** The app is started from a disk image, or a folder that passes. */
  | 'app-not-in-place'
  | 'internal'
