import { attachmentHeadBytes } from '../../../preload/contract-limits.ts'
import { CallProblem, call } from '../../state/bridge.ts'
import { encodePicture } from './encode-picture.ts'

/** Pixels of the longer side: models see no more than about that (llama.cpp scales down what is larger). */
const longestSide = 2048
/** Bytes of the largest file that is opened. */
const mostFileBytes = 100_000_000

/** Whether a file is to be taken as a picture: by its type, or where the system knows none, by its first bytes. */
export async function isPicture(file: Blob): Promise<boolean> {
  if (file.type !== '') return file.type.startsWith('image/') && file.type !== 'image/svg+xml'
  return call('attachments.inspect', { head: await headOf(file) }).then(
    () => true,
    () => false,
  )
}

/**
 * A picture as it is kept and sent: upright as its EXIF says, without what else stands there (a camera writes the
 * place), the first picture of an animation.
 * @throws CallProblem not-a-picture, broken-picture, picture-too-large
 */
export async function preparePicture(file: Blob): Promise<Uint8Array<ArrayBuffer>> {
  if (file.size > mostFileBytes) throw refused('picture-too-large')
  // Before anything decodes it: a header may claim a size that takes all memory.
  await call('attachments.inspect', { head: await headOf(file) })
  const bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' }).catch(() => {
    throw refused('broken-picture')
  })
  try {
    const encoded = await encodePicture(bitmap, longestSide)
    if (!encoded) throw refused('picture-too-large')
    return encoded
  } finally {
    bitmap.close()
  }
}

const headOf = async (file: Blob) => new Uint8Array(await file.slice(0, attachmentHeadBytes).arrayBuffer())

const refused = (code: string) => new CallProblem({ code, message: `the picture was refused: ${code}` })
