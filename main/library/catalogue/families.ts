import type { CatalogueSize, Family } from './family.ts'

const gigabytes = (count: number) => Math.round(count * 1000) * 1_000_000

/** @param size parameters (thousand millions) and download (gigabytes) */
const size = (model: string, parameters: number, download: number, active?: number): CatalogueSize => ({
  ...{ model, parameters, bytes: gigabytes(download) },
  ...(active !== undefined && { active }),
})

/**
 * Only models that Hearth runs: of those that see, the ones with a projector file of their own, which for Gemma 3 are
 * llama.cpp's own uploads at hf.co; downloads are those of the tag's usual precision, four bits a weight.
 */
export const families: readonly Family[] = [
  {
    ...{ id: 'gemma3-sees', name: 'Gemma 3', maker: 'Google', licence: 'gemma', languages: 'many' },
    ...{ uses: ['write', 'pictures', 'chinese'], abilities: ['vision'] },
    sizes: [
      size('hf.co/ggml-org/gemma-3-4b-it-GGUF:Q4_K_M', 4.3, 3.3),
      size('hf.co/ggml-org/gemma-3-12b-it-GGUF:Q4_K_M', 12.2, 8.2),
      size('hf.co/ggml-org/gemma-3-27b-it-GGUF:Q4_K_M', 27.4, 17),
    ],
  },
  {
    ...{ id: 'qwen3', name: 'Qwen 3', maker: 'Alibaba', licence: 'apache', languages: 'many' },
    ...{ uses: ['write', 'reason', 'code', 'chinese'], abilities: ['tools', 'thinking'] },
    sizes: [
      size('qwen3:0.6b', 0.75, 0.52),
      size('qwen3:1.7b', 2, 1.4),
      size('qwen3:4b', 4, 2.5),
      size('qwen3:8b', 8.2, 5.2),
      size('qwen3:14b', 14.8, 9.3),
      size('qwen3:30b', 30.5, 19, 3.3),
      size('qwen3:32b', 32.8, 20),
    ],
  },
  {
    ...{ id: 'llama3-2', name: 'Llama 3.2', maker: 'Meta', licence: 'llama', languages: 'english' },
    ...{ uses: ['write'], abilities: ['tools'] },
    sizes: [size('llama3.2:1b', 1.2, 1.3), size('llama3.2:3b', 3.2, 2)],
  },
  {
    ...{ id: 'gpt-oss', name: 'gpt-oss', maker: 'OpenAI', licence: 'apache', languages: 'many' },
    ...{ uses: ['reason', 'write', 'code'], abilities: ['tools', 'thinking'] },
    sizes: [size('gpt-oss:20b', 20.9, 14, 3.6), size('gpt-oss:120b', 117, 65, 5.1)],
  },
  {
    ...{ id: 'qwen2-5-coder', name: 'Qwen 2.5 Coder', maker: 'Alibaba', licence: 'apache' },
    ...{ uses: ['code'], abilities: ['tools', 'insert'], languages: 'english-chinese' },
    sizes: [
      size('qwen2.5-coder:0.5b', 0.49, 0.4),
      size('qwen2.5-coder:1.5b', 1.5, 0.99),
      size('qwen2.5-coder:7b', 7.6, 4.7),
      size('qwen2.5-coder:14b', 14.8, 9),
      size('qwen2.5-coder:32b', 32.8, 20),
    ],
  },
  {
    ...{ id: 'qwen3-coder', name: 'Qwen 3 Coder', maker: 'Alibaba', licence: 'apache' },
    ...{ uses: ['code'], abilities: ['tools'], languages: 'english-chinese' },
    sizes: [size('qwen3-coder:30b', 30.5, 19, 3.3)],
  },
  {
    ...{ id: 'deepseek-r1', name: 'DeepSeek R1', maker: 'DeepSeek', licence: 'mit', languages: 'english-chinese' },
    ...{ uses: ['reason', 'chinese', 'code'], abilities: ['thinking'] },
    sizes: [
      size('deepseek-r1:1.5b', 1.8, 1.1),
      size('deepseek-r1:7b', 7.6, 4.7),
      size('deepseek-r1:8b', 8.2, 5.2),
      size('deepseek-r1:14b', 14.8, 9),
      size('deepseek-r1:32b', 32.8, 20),
      size('deepseek-r1:70b', 70.6, 43),
    ],
  },
  {
    ...{ id: 'llama3-1', name: 'Llama 3.1', maker: 'Meta', licence: 'llama', languages: 'english' },
    ...{ uses: ['write'], abilities: ['tools'] },
    sizes: [size('llama3.1:8b', 8, 4.9), size('llama3.1:70b', 70.6, 43)],
  },
  {
    ...{ id: 'llama3-3', name: 'Llama 3.3', maker: 'Meta', licence: 'llama', languages: 'english' },
    ...{ uses: ['write', 'reason'], abilities: ['tools'] },
    sizes: [size('llama3.3:70b', 70.6, 43)],
  },
  {
    ...{ id: 'mistral', name: 'Mistral', maker: 'Mistral AI', licence: 'apache', languages: 'english' },
    ...{ uses: ['write'], abilities: ['tools'] },
    sizes: [size('mistral:7b', 7.2, 4.4)],
  },
  {
    ...{ id: 'mistral-nemo', name: 'Mistral Nemo', maker: 'Mistral AI', licence: 'apache', languages: 'many' },
    ...{ uses: ['write', 'chinese'], abilities: ['tools'] },
    sizes: [size('mistral-nemo:12b', 12.2, 7.1)],
  },
  {
    ...{ id: 'mistral-small', name: 'Mistral Small 3', maker: 'Mistral AI', licence: 'apache', languages: 'many' },
    ...{ uses: ['write', 'code', 'chinese'], abilities: ['tools'] },
    sizes: [size('mistral-small:24b', 23.6, 14)],
  },
  {
    ...{ id: 'phi4', name: 'Phi-4', maker: 'Microsoft', licence: 'mit', languages: 'english' },
    ...{ uses: ['write', 'reason'], abilities: [] },
    sizes: [size('phi4:14b', 14.7, 9.1)],
  },
  {
    ...{ id: 'phi4-mini', name: 'Phi-4 mini', maker: 'Microsoft', licence: 'mit', languages: 'many' },
    ...{ uses: ['write', 'reason', 'chinese'], abilities: ['tools'] },
    sizes: [size('phi4-mini:3.8b', 3.8, 2.5)],
  },
  {
    ...{ id: 'gemma3-small', name: 'Gemma 3, text only', maker: 'Google', licence: 'gemma', languages: 'english' },
    ...{ uses: ['write'], abilities: [] },
    sizes: [size('gemma3:270m', 0.27, 0.29), size('gemma3:1b', 1, 0.82)],
  },
  {
    ...{ id: 'gemma2', name: 'Gemma 2', maker: 'Google', licence: 'gemma', languages: 'english' },
    ...{ uses: ['write'], abilities: [] },
    sizes: [size('gemma2:2b', 2.6, 1.6), size('gemma2:9b', 9.2, 5.4), size('gemma2:27b', 27.2, 16)],
  },
  {
    ...{ id: 'smollm2', name: 'SmolLM2', maker: 'Hugging Face', licence: 'apache', languages: 'english' },
    ...{ uses: ['write'], abilities: ['tools'] },
    sizes: [size('smollm2:135m', 0.13, 0.27), size('smollm2:360m', 0.36, 0.73), size('smollm2:1.7b', 1.7, 1.8)],
  },
  {
    ...{ id: 'granite3-3', name: 'Granite 3.3', maker: 'IBM', licence: 'apache', languages: 'many' },
    ...{ uses: ['write', 'code', 'chinese'], abilities: ['tools'] },
    sizes: [size('granite3.3:2b', 2.5, 1.5), size('granite3.3:8b', 8.2, 4.9)],
  },
  {
    ...{ id: 'olmo2', name: 'OLMo 2', maker: 'Ai2', licence: 'apache', languages: 'english' },
    ...{ uses: ['write'], abilities: [] },
    sizes: [size('olmo2:7b', 7.3, 4.5), size('olmo2:13b', 13.7, 8.4)],
  },
  {
    ...{ id: 'llava', name: 'LLaVA 1.6', maker: 'Haotian Liu', licence: 'apache', languages: 'english' },
    ...{ uses: ['pictures'], abilities: ['vision'] },
    sizes: [size('llava:7b', 7.2, 4.7)],
  },
  {
    ...{ id: 'moondream', name: 'Moondream 2', maker: 'Vikhyat', licence: 'apache', languages: 'english' },
    ...{ uses: ['pictures'], abilities: ['vision'] },
    sizes: [size('moondream:1.8b', 1.4, 1.7)],
  },
  {
    ...{ id: 'nomic-embed-text', name: 'Nomic Embed Text', maker: 'Nomic AI', licence: 'apache' },
    ...{ uses: ['search'], abilities: ['embedding'], languages: 'english' },
    sizes: [size('nomic-embed-text:v1.5', 0.14, 0.27)],
  },
  {
    ...{ id: 'bge-m3', name: 'BGE-M3', maker: 'BAAI', licence: 'mit', languages: 'many' },
    ...{ uses: ['search', 'chinese'], abilities: ['embedding'] },
    sizes: [size('bge-m3:567m', 0.57, 1.2)],
  },
  {
    ...{ id: 'mxbai-embed-large', name: 'mxbai Embed Large', maker: 'Mixedbread', licence: 'apache' },
    ...{ uses: ['search'], abilities: ['embedding'], languages: 'english' },
    sizes: [size('mxbai-embed-large:335m', 0.33, 0.67)],
  },
]
