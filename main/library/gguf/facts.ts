import { readArray } from '../../gguf/arrays.ts'
import { architectureOf, flag, natural, scalar, text } from '../../gguf/metadata.ts'
import { bringsProjector, isForOllama } from '../../gguf/ollama/translation.ts'
import { elementCount, fileTypeName, type GgufHeader, isArray } from '../../gguf/types.ts'
import type { GgufFacts, GgufKind } from '../model.ts'
import { activeBytes } from './active-bytes.ts'
import { forgottenPreTokenizer } from './pre-tokenizer.ts'

/** Pre-tokenizers whose models begin with BOS though the file does not say so (llama.cpp, llama-vocab.cpp). */
const bosPreTokenizers = new Set([
  'llama3',
  'llama-v3',
  'llama-bpe',
  'falcon3',
  'falcon-h1',
  'pixtral',
  'midm-2.0',
  'lfm2',
  'jina-v5-nano',
  'tekken',
  'chameleon',
])

/** Gathers what the rest of Hearth asks of a header; reads a few tokens of the vocabulary, no more. */
export async function factsOf(path: string, header: GgufHeader): Promise<GgufFacts> {
  const architecture = architectureOf(header)
  const chatTemplate = text(header, 'tokenizer.chat_template')
  const forOllama = isForOllama(header)
  const [bosToken, eosToken] = await specialTokens(path, header)
  const preTokenizer = await forgottenPreTokenizer(path, header)
  return {
    architecture,
    contextLength: natural(header, `${architecture}.context_length`) ?? 0,
    embeddingLength: natural(header, `${architecture}.embedding_length`) ?? 0,
    ...(chatTemplate !== undefined && { chatTemplate }),
    ...(bosToken !== undefined && { bosToken }),
    ...(eosToken !== undefined && { eosToken }),
    addsBos: addsBos(header, preTokenizer),
    ...(preTokenizer !== undefined && { preTokenizer }),
    fileType: fileTypeName(natural(header, 'general.file_type') ?? 0),
    parameterCount: parameterCount(header),
    activeBytes: activeBytes(header),
    kind: kindOf(header),
    forOllama,
    pooling: header.entries.has(`${architecture}.pooling_type`),
    // An encoder inside that llama.cpp cannot be given is of no use; no translation brings one for sound.
    vision: holds(header, 'vision') && (!forOllama || bringsProjector(header)),
    audio: holds(header, 'audio') && !forOllama,
  }
}

/** Elements of all tensors, as `general.parameter_count` reports them. */
export function parameterCount(header: GgufHeader): number {
  return header.tensors.reduce((sum, tensor) => sum + elementCount(tensor.shape), 0)
}

/** Tells an uploaded file's purpose by its metadata (upstream server/create.go). */
export function kindOf(header: GgufHeader): GgufKind {
  const architecture = architectureOf(header)
  const type = text(header, 'general.type')
  if (type === 'adapter') return 'adapter'
  if (type === 'projector' || type === 'mmproj') return 'projector'
  if (natural(header, `${architecture}.block_count`)) return 'model'
  if (natural(header, `${architecture}.vision.block_count`)) return 'projector'
  const encodes = flag(header, 'clip.has_vision_encoder') || flag(header, 'clip.has_audio_encoder')
  return architecture === 'clip' && encodes ? 'projector' : 'model'
}

function holds(header: GgufHeader, sense: 'vision' | 'audio'): boolean {
  const architecture = architectureOf(header)
  return (
    (natural(header, `${architecture}.${sense}.block_count`) ?? 0) > 0 ||
    flag(header, `${architecture}.has_${sense}_encoder`)
  )
}

function addsBos(header: GgufHeader, preTokenizer = text(header, 'tokenizer.ggml.pre')): boolean {
  const tokenizer = text(header, 'tokenizer.ggml.model')
  // Whatever the file says: early files of Gemma 4 said the wrong thing.
  if (tokenizer === 'gemma4' || text(header, 'tokenizer.ggml.pre') === 'gemma4') return true
  const said = scalar(header, 'tokenizer.ggml.add_bos_token')
  if (typeof said === 'boolean') return said
  if (tokenizer === 'llama' || tokenizer === 'bert') return true
  return tokenizer === 'gpt2' && bosPreTokenizers.has(preTokenizer ?? '')
}

async function specialTokens(path: string, header: GgufHeader): Promise<(string | undefined)[]> {
  const tokens = header.entries.get('tokenizer.ggml.tokens')?.value
  const ids = ['bos', 'eos'].map(which => natural(header, `tokenizer.ggml.${which}_token_id`))
  if (!isArray(tokens)) return []
  const known = ids.filter(id => id !== undefined && id < tokens.length) as number[]
  const values = await readArray(path, tokens, known)
  const byId = new Map(known.map((id, i) => [id, values[i]]))
  return ids.map(id => {
    const token = id === undefined ? undefined : byId.get(id)
    return typeof token === 'string' ? token : undefined
  })
}
