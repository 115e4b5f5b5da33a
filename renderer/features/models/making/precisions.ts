import type { TextKey } from '../../../i18n/texts.ts'

/** What of a model says how it can be reduced. */
export interface Weights {
  /** `F16`, `Q4_K_M`; empty when unknown. */
  readonly precision: string
  /** How many numbers it is made of; 0 when unknown. */
  readonly parameters: number
  /** Bytes on disk. */
  readonly bytes: number
}

interface Precision {
  /** As `llama-quantize` calls it; null leaves the weights as they are. */
  readonly type: string | null
  readonly name: TextKey
  readonly quality: TextKey
  /** Bits a weight takes on average, of a model with eight thousand million (llama.cpp, tools/quantize/README.md). */
  readonly bits: number
}

const asIs = { type: null, name: 'making.asIs', quality: 'making.asIsQuality' } as const

/** From the most exact to the smallest. */
const reduced: readonly Precision[] = [
  { type: 'Q8_0', name: 'making.nearly', quality: 'making.nearlyQuality', bits: 8.5 },
  { type: 'Q5_K_M', name: 'making.careful', quality: 'making.carefulQuality', bits: 5.7 },
  { type: 'Q4_K_M', name: 'making.balanced', quality: 'making.balancedQuality', bits: 4.89 },
  { type: 'Q3_K_M', name: 'making.small', quality: 'making.smallQuality', bits: 4 },
]

/** Precisions that have lost nothing yet; others cannot be reduced again. */
const whole = new Set(['F32', 'F16', 'BF16'])

export const reducible = ({ precision }: Weights): boolean => whole.has(precision)

/** One choice of precision for certain weights. */
export interface PrecisionChoice {
  readonly type: string | null
  readonly name: TextKey
  readonly quality: TextKey
  /** Bytes the model will take, about; null when it cannot be told. */
  readonly bytes: number | null
  /** How much faster it answers: it reads all its weights for every word. Null for the same, or when unknown. */
  readonly speed: number | null
}

/** What can be made of these weights; nothing but what they are where they are reduced already. */
export function precisionChoices(weights: Weights): readonly PrecisionChoice[] {
  const first: PrecisionChoice = { ...asIs, bytes: weights.bytes, speed: null }
  if (!reducible(weights)) return [first]
  const others = reduced.map(({ bits, ...words }) => {
    const bytes = weights.parameters > 0 ? Math.round((weights.parameters * bits) / 8) : null
    return { ...words, bytes, speed: bytes === null ? null : weights.bytes / bytes }
  })
  return [first, ...others]
}
