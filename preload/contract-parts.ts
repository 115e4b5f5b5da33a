import { z } from 'zod'
import { longest } from './contract-limits.ts'

/** Schemas that several parts of the contract are made of. */

export const id = z.string().min(1).max(64)
export const nothing = z.object({})

/** What went wrong, for an error card: `code` chooses the words, `message` and `details` stand behind "details". */
export const problemSchema = z.object({ code: z.string(), message: z.string(), details: z.string().optional() })

/**
 * A picture, or a document's text, that lies in HEARTH_HOME/attachments; the window has it from `/attachments/<hash>`.
 */
export const attachmentSchema = z.object({
  /** SHA-256 of its bytes. */
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  /** Of the file it came from; for people only. */
  name: z.string().max(longest.fileName),
  type: z.enum(['image/png', 'image/jpeg', 'image/webp', 'image/gif', 'text/plain']),
  /** Pixels; of a text none. */
  width: z.number(),
  height: z.number(),
  bytes: z.number(),
})
