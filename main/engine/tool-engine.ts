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
  /**
   * Writes what llama.cpp can read of a file made for Ollama's own engine (main/gguf/ollama).
   * @throws Problem `broken-model-file`, `unsupported-architecture`, `disk-full`
   */
  translate(job: TranslateJob, hooks?: ToolHooks): Promise<void>
  /**
   * Looks at this machine's memory, and at what a model would take of it.
   * @throws Problem `unsupported-architecture`, `broken-model-file`
   */
  forecast(job: ForecastJob, hooks?: Pick<ToolHooks, 'signal'>): Promise<Forecast>
}

export interface ForecastJob {
  /** A GGUF of which the header, at least, is there; without it only the machine is looked at. */
  readonly path?: string
  /** What models of ours hold: they leave when another one needs the room. */
  readonly held?: HeldMemory
}

/** Bytes. */
export interface HeldMemory {
  readonly ram: number
  readonly vram: number
}

/** Memory in bytes; `ram` and `vram` are what may be taken now. */
export interface Machine {
  readonly ram: number
  readonly totalRam: number
  readonly vram: number
  /** 0 without a GPU. */
  readonly totalVram: number
  /** The GPU has no memory of its own: what it takes is gone from main memory, too. */
  readonly isUnified: boolean
}

/** How a model would be loaded on a machine. */
export interface LoadForecast {
  /** Bytes it would take with memory enough. */
  readonly needed: { readonly ram: number; readonly vram: number }
  /** Layers the GPU could hold with memory enough; 0 without a GPU. */
  readonly layers: number
  /** Tokens of context it would get with memory enough. */
  readonly asked: number
  /** Tokens it gets; 0 where it does not fit at all. */
  readonly contextSize: number
  /** Layers on the GPU. */
  readonly gpuLayers: number
}

export interface Forecast {
  readonly machine: Machine
  /** Of the model that was asked about. */
  readonly load?: LoadForecast
}

export interface ConvertJob {
  /** Paths by the names the files have in the model's folder: `{ 'config.json': '/…' }`. */
  readonly files: Readonly<Record<string, string>>
  /** Path of the GGUF to be written; nothing may be there. */
  readonly output: string
  /** GGUF of the model that a LoRA adapter was made for. */
  readonly base?: string
}

/**
 * What may be worse in a model than in the one it was made of. `unknown-cut`: the way its tokenizer cuts text;
 * `text-alone`: what it sees with is left out; `unknown-stretch`: how it reads texts longer than those it was trained
 * on.
 */
export type ModelWarning = 'unknown-cut' | 'text-alone' | 'unknown-stretch'

/** What the conversion made; `architecture` as in `general.architecture`. */
export interface Converted {
  readonly kind: 'model' | 'adapter'
  readonly architecture: string
  readonly warnings: readonly ModelWarning[]
}

export interface QuantizeJob {
  /** Path of a GGUF, in one piece. */
  readonly source: string
  readonly output: string
  /** Name of the file type wanted, as in `general.file_type`: `Q4_K_M`. */
  readonly fileType: string
}

export interface TranslateJob {
  /** Path of a GGUF. */
  readonly source: string
  readonly part: 'model' | 'projector'
  /** Path of the GGUF to be written; nothing may be there. */
  readonly output: string
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
