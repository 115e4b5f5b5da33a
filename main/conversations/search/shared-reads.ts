import type { AttachmentFolder } from '../../attachments/attachment-folder.ts'

type Readable = Pick<AttachmentFolder, 'read'>

/**
 * Reads each file once, however many ask for it, and lets go of it with the last: one document may be attached to many
 * messages, and many documents are more than memory is for.
 * @param hashes of the files, each as often as it may be asked for
 */
export function sharedReads(attachments: Readable, hashes: readonly string[]): Readable {
  const left = new Map<string, number>()
  for (const hash of hashes) left.set(hash, (left.get(hash) ?? 0) + 1)
  const reads = new Map<string, ReturnType<Readable['read']>>()
  return {
    read(hash) {
      const reading = reads.get(hash) ?? attachments.read(hash)
      const more = (left.get(hash) ?? 1) - 1
      left.set(hash, more)
      if (more > 0) reads.set(hash, reading)
      else reads.delete(hash)
      return reading
    },
  }
}
