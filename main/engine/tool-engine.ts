/**
 * What the library sees of the tool engine: long work on model files. Each job runs in a process of its own, so that
 * what a file does to native code, or to memory, ends that job and nothing else.
 */
export interface ToolEngine {
  /**
   * Writes a folder of safetensors as one GGUF.
   * @throws Problem in the words of /api/create
   */
  convert(job: ConvertJob, hooks?: ToolHooks): Promise<Converted & WrittenFile>
  /**
   * Writes a GGUF with its tensors in other types.
   * @throws Problem 500 `llama-quantize failed: …`
   */
  quantize(job: QuantizeJob, hooks?: ToolHooks): Promise<WrittenFile>
}

export interface ConvertJob {
  /** Paths by the names the files have in the model's folder: `{ 'config.json': '/…' }`. */
  readonly files: Readonly<Record<string, string>>
  /** Path of the GGUF to be written; nothing may be there. */
  readonly output: string
  /** GGUF of the model that a LoRA adapter was made for. */
  readonly base?: string
}

/** What the conversion made; `architecture` as in `general.architecture`. */
export interface Converted {
  readonly kind: 'model' | 'adapter'
  readonly architecture: string
}

export interface QuantizeJob {
  /** Path of a GGUF, in one piece. */
  readonly source: string
  readonly output: string
  /** Name of the file type wanted, as in `general.file_type`: `Q4_K_M`. */
  readonly fileType: string
}

/** A file that lies on the disk, complete. */
export interface WrittenFile {
  /** `sha256:<hex>`. */
  readonly digest: string
  /** Bytes. */
  readonly size: number
}

/** A failed or aborted job leaves no output. */
export interface ToolHooks {
  /** Bytes of tensors that are done with, of all there are. */
  readonly onProgress?: (done: number, total: number) => void
  readonly signal?: AbortSignal
}
