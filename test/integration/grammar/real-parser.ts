import { getLlama, type Llama, LlamaLogLevel } from 'node-llama-cpp'

/** llama.cpp's own grammar parser and matcher, without a model. */
export interface RealParser {
  readonly llama: Llama
  /** Throws when llama.cpp cannot read the grammar. */
  matcher(grammar: string): Promise<(text: string) => boolean>
}

export async function startParser(): Promise<RealParser> {
  const llama = await getLlama({ gpu: false, build: 'never', logLevel: LlamaLogLevel.disabled })
  return {
    llama,
    async matcher(grammar) {
      // node-llama-cpp keeps this method to itself; nothing else asks llama.cpp about a whole text without a model.
      const parsed = (await llama.createGrammar({ grammar })) as unknown as { _testText(text: string): boolean }
      return text => parsed._testText(text)
    },
  }
}
