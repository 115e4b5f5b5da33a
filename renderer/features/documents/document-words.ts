import type { TextKey } from '../../i18n/texts.ts'
import type { DocumentTrouble } from './document.ts'

/** Why a document was not read, and what to do. */
export const documentWords: Readonly<Record<DocumentTrouble, TextKey>> = {
  unknown: 'documents.unknown',
  encrypted: 'documents.encrypted',
  'old-word': 'documents.oldWord',
  broken: 'documents.broken',
  empty: 'documents.empty',
  'too-large': 'documents.tooLarge',
  'too-slow': 'documents.tooSlow',
}
