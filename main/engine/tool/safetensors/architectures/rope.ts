import { float32, string, uint32 } from '../../../../gguf/encoding.ts'
import type { ModelWarning } from '../../../tool-engine.ts'
import type { Fields } from '../source/fields.ts'
import { computed } from '../tensors/read.ts'
import type { Tensor } from '../tensors/tensor.ts'
import { unusable } from '../unusable.ts'

/** Rotary position embeddings: their base, and how they are stretched over longer texts. */
export interface Rope {
  /** Undefined when config.json does not say. */
  readonly base: number | undefined
  /** `linear`, `yarn`, `llama3`, `longrope`, …; `none` without stretching. */
  readonly type: string
  readonly scaling: Fields
}

/**
 * Newer files have `rope_parameters` with the base in it, older ones `rope_theta` and `rope_scaling`.
 * @throws Problem for settings by kinds of layers, which only some architectures have
 */
export function readRope(config: Fields): Rope {
  const scaling = ropeSection(config)
  if (isByLayers(scaling)) {
    throw unusable(
      `parse ${config.file}: "rope_parameters" is given by kinds of layers, which are unknown for this model`,
    )
  }
  return ropeOf(scaling, config.number('rope_theta'))
}

/**
 * Those of layers that look back at everything, and of those that look back a window only, where they have their own;
 * newer files have both in `rope_parameters`.
 */
export function readRopesByLayers(config: Fields): { readonly full: Rope; readonly sliding?: Rope } {
  const scaling = ropeSection(config)
  if (!isByLayers(scaling)) return { full: readRope(config) }
  const of = (layers: string) => ropeOf(scaling.section(layers))
  return { full: of('full_attention'), sliding: of('sliding_attention') }
}

function ropeSection(config: Fields): Fields {
  return config.section(config.has('rope_parameters') ? 'rope_parameters' : 'rope_scaling')
}

function isByLayers(scaling: Fields): boolean {
  return scaling.entries().some(([, value]) => typeof value === 'object' && value !== null && !Array.isArray(value))
}

function ropeOf(scaling: Fields, base?: number): Rope {
  const type = scaling.text('rope_type', 'type') ?? 'default'
  return { base: base ?? scaling.number('rope_theta'), type: type === 'default' ? 'none' : type, scaling }
}

export function ropeBase({ base }: Rope, otherwise?: number) {
  const value = base ?? otherwise
  return { 'rope.freq_base': value === undefined ? undefined : float32(value) }
}

/** Stretching that needs nothing but numbers: `linear`, and `yarn`, which also knows the length trained on. */
export function ropeScaling({ type, scaling }: Rope) {
  const factor = scaling.number('factor')
  if (factor === undefined || (type !== 'linear' && type !== 'yarn')) return {}
  const original = type === 'yarn' ? scaling.count('original_max_position_embeddings') : undefined
  return {
    'rope.scaling.type': string(type),
    'rope.scaling.factor': float32(factor),
    'rope.scaling.original_context_length': original === undefined ? undefined : uint32(original),
  }
}

/**
 * @param known types told otherwise than by `ropeScaling`; texts as long as those trained on are read as ever without
 */
export function ropeWarnings({ type }: Rope, ...known: readonly string[]): ModelWarning[] {
  return ['none', 'linear', 'yarn', ...known].includes(type) ? [] : ['unknown-stretch']
}

/**
 * Llama 3's stretching: a divisor for each frequency, 1 for the fast ones and the whole factor for the slow (upstream
 * convert/convert_llama.go, ropeFactors).
 * @param size elements of a head
 */
export function llama3Factors({ base = 10_000, scaling }: Rope, size: number): Tensor {
  const factor = scaling.number('factor') ?? 8
  const low = scaling.number('low_freq_factor') ?? 1
  const high = scaling.number('high_freq_factor') ?? 4
  const original = scaling.count('original_max_position_embeddings') ?? 8192
  const factors = Array.from({ length: Math.ceil(size / 2) }, (_, i) => {
    const wavelength = 2 * Math.PI * base ** ((2 * i) / size)
    if (wavelength < original / high) return 1
    if (wavelength > original / low) return factor
    const smooth = (original / wavelength - low) / (high - low)
    return 1 / ((1 - smooth) / factor + smooth)
  })
  return computed('rope_freqs.weight', factors)
}
