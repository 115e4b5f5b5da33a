/** One line of progress of a pull or a push; a layer's lines name it, with the bytes there are and there will be. */
export interface TransferProgress {
  readonly status: string
  readonly digest?: string
  readonly total?: number
  readonly completed?: number
}

/** What a manifest says of a layer. */
export interface LayerSize {
  readonly digest: string
  /** Bytes. */
  readonly size: number
}

/** How often it is told (upstream server/download.go). Milliseconds. */
export const progressMs = 60

export type Tell = (progress: TransferProgress) => void
