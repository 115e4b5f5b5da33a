import koffi from 'koffi'
import { checkLayout, laterMembers } from '../../libllama/check-layout.ts'
import { librariesFolder, loadLibraries } from '../../libllama/libraries.ts'
import { PrintedLog } from '../../printed-log.ts'

/** llama_model_quantize_params of llama.h; enums are their numbers. */
interface QuantizeParams {
  nthread: number
  ftype: number
  output_tensor_type: number
  token_embedding_type: number
  allow_requantize: boolean
  quantize_output_tensor: boolean
  only_copy: boolean
  pure: boolean
  keep_split: boolean
  dry_run: boolean
  imatrix: null
  kv_overrides: null
  tt_overrides: readonly TensorOverride[] | null
  prune_layers: null
  max_buf_size: number
  later_members: Uint8Array
}

/** Tensors whose name a pattern finds (ECMAScript, in std::regex) get a type; a list ends with a null pattern. */
export interface TensorOverride {
  readonly pattern: string | null
  /** Number of the ggml type. */
  readonly type: number
}

/** What a caller may choose; everything else keeps llama.cpp's default. */
export type QuantizeChoices = Partial<Omit<QuantizeParams, 'later_members'>> & { ftype: number }

/** The quantiser of the libllama that node-llama-cpp carries, which has no call for it. */
export interface Libllama {
  /** @returns 0 when the file is written */
  quantize(source: string, output: string, choices: QuantizeChoices): Promise<number>
  /** The last part of what llama.cpp logged. */
  readonly log: PrintedLog
}

const overrideType = koffi.struct({ pattern: 'const char *', type: 'int32' })
const paramsType = koffi.struct({
  nthread: 'int32',
  ftype: 'int32',
  output_tensor_type: 'int32',
  token_embedding_type: 'int32',
  allow_requantize: 'bool',
  quantize_output_tensor: 'bool',
  only_copy: 'bool',
  pure: 'bool',
  keep_split: 'bool',
  dry_run: 'bool',
  imatrix: 'void *',
  kv_overrides: 'void *',
  tt_overrides: koffi.pointer(overrideType),
  prune_layers: 'void *',
  max_buf_size: 'size_t',
  later_members: laterMembers,
})

/**
 * Loads the library, its computing backends first.
 * @param onText told what llama.cpp logs, in pieces of lines
 * @throws Error when the library is another than the one this is written for
 */
export async function openLibllama(onText: (text: string) => void): Promise<Libllama> {
  const log = new PrintedLog()
  const { llama } = loadLibraries(await librariesFolder(false), text => {
    log.append(text)
    onText(text)
  })
  const defaults = llama.func('llama_model_quantize_default_params', paramsType, [])() as QuantizeParams
  checkDefaults(defaults)
  const quantize = llama.func('llama_model_quantize', 'uint32', [
    'const char *',
    'const char *',
    koffi.pointer(paramsType),
  ])
  return {
    log,
    quantize: (source, output, choices) =>
      new Promise((resolve, reject) => {
        // In a thread of its own: this one has progress to tell, and an end to come to when main is gone.
        quantize.async(source, output, { ...defaults, ...choices }, (error: Error | null, status: number) =>
          error ? reject(error) : resolve(status),
        )
      }),
  }
}

/** GGML_TYPE_COUNT stands for "no choice"; it grows with the types, and no enum of bytes goes beyond. */
const mostTensorTypes = 255

/** By the defaults that llama.cpp documents; the tensor types' is its count of types, which grows with them. */
function checkDefaults(defaults: QuantizeParams): void {
  const { output_tensor_type: none } = defaults
  checkLayout('quantisation parameters', defaults, {
    nthread: 0,
    ftype: 7,
    output_tensor_type: Math.max(1, Math.min(none, mostTensorTypes)),
    token_embedding_type: none,
    allow_requantize: false,
    quantize_output_tensor: true,
    only_copy: false,
    pure: false,
    keep_split: false,
    dry_run: false,
    imatrix: null,
    kv_overrides: null,
    tt_overrides: null,
    prune_layers: null,
    max_buf_size: 8 * 2 ** 30,
  })
}
