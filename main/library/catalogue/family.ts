/** What a model can do beside writing, in the words of /api/tags. */
export type CatalogueAbility = 'vision' | 'tools' | 'thinking' | 'insert' | 'embedding'

/** What a person wants a model for; how small one is stands at its sizes. */
export type Use = 'write' | 'pictures' | 'code' | 'reason' | 'chinese' | 'search'

/** Licences that the window explains in a sentence (renderer/i18n/catalogue-*.ts). */
export type Licence = 'apache' | 'mit' | 'llama' | 'gemma'

/** One download of a family. */
export interface CatalogueSize {
  /** What it is pulled by: a name of ollama.com's library, or of a repository at hf.co. */
  readonly model: string
  /** Thousand millions of parameters. */
  readonly parameters: number
  /** Those of them that take part in one token, where they are fewer. */
  readonly active?: number
  /** Bytes of the download, to two digits. */
  readonly bytes: number
}

export interface Family {
  /** Names its sentence, `catalogue.families.<id>`. */
  readonly id: string
  readonly name: string
  readonly maker: string
  readonly licence: Licence
  readonly uses: readonly [Use, ...Use[]]
  readonly abilities: readonly CatalogueAbility[]
  /** Which it writes or reads well: English, English and Chinese, or those and many more. */
  readonly languages: 'english' | 'english-chinese' | 'many'
  /** Smallest first. */
  readonly sizes: readonly [CatalogueSize, ...CatalogueSize[]]
}
