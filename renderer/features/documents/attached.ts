import type { Attachment } from '../../../preload/contract.ts'

/** Whether what is attached to a question is a document, and no picture. */
export const isDocument = ({ type }: Pick<Attachment, 'type'>): boolean => type === 'text/plain'

/** UTF-8 bytes of a token: four in English, and a Chinese letter of three is about one. */
const bytesPerToken = 3.5

/** About how many tokens documents take; only the model's own tokenizer knows. */
export const tokensOf = (documents: readonly Attachment[]): number =>
  Math.ceil(documents.reduce((sum, { bytes }) => sum + bytes, 0) / bytesPerToken)
