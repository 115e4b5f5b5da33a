import type { Layer } from '../manifest.ts'
import { BlobUpload } from './blob-upload.ts'
import { orAborted } from './or-aborted.ts'
import type { Repository } from './repository.ts'
import { progressMs } from './transfer-progress.ts'

interface UnderWay {
  readonly upload: BlobUpload
  /** Settled when it has ended, however. */
  readonly ended: Promise<void>
}

/**
 * Uploads under way: of two pushes that need a blob at one place, one sends it and the other sees how far it is
 * (upstream server/upload.go). Registries take a blob twice at once, but break off manifests that name it meanwhile.
 */
export class Uploads {
  readonly #underWay = new Map<string, UnderWay>()

  /**
   * Sends a blob, unless the registry has it by then.
   * @param path where the blob lies
   * @param tell bytes that were sent
   * @throws Problem as BlobUpload.run, or the signal's reason
   */
  async send(
    repository: Repository,
    layer: Layer,
    path: string,
    tell: (completed: number) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const key = `${repository.address} ${layer.digest}`
    for (let other = this.#underWay.get(key); other; other = this.#underWay.get(key)) {
      await watched(other.upload, tell, orAborted(other.ended, signal))
    }
    const upload = new BlobUpload(repository, layer, path)
    const sent = upload.run(signal).finally(() => this.#underWay.delete(key))
    this.#underWay.set(key, { upload, ended: sent.catch(() => undefined) })
    await watched(upload, tell, sent)
  }
}

async function watched(upload: BlobUpload, tell: (completed: number) => void, end: Promise<void>): Promise<void> {
  const ticker = setInterval(() => tell(upload.completed), progressMs)
  try {
    await end
  } finally {
    clearInterval(ticker)
  }
}
