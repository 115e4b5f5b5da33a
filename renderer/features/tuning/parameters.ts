import type { Parameters } from '../../../preload/contract.ts'
import type { TextKey } from '../../i18n/texts.ts'

export type ParameterName = keyof Parameters

interface Common {
  readonly name: ParameterName
  readonly label: TextKey
  /** What it does, for somebody who has never heard of it. */
  readonly hint: TextKey
}

/** Moved along a range whose ends have names, or written as a number. */
export type Parameter = Common &
  (
    | {
        readonly kind: 'range'
        readonly min: number
        readonly max: number
        readonly step: number
        /** Where the handle stands while the model's own value holds. */
        readonly usual: number
        readonly low: TextKey
        readonly high: TextKey
      }
    | { readonly kind: 'number'; readonly min: number; readonly max: number; readonly placeholder: string }
  )

/** Those that everybody may want. */
export const everydayParameters: readonly Parameter[] = [
  {
    name: 'temperature',
    label: 'tuning.temperature',
    hint: 'tuning.temperatureHint',
    kind: 'range',
    min: 0,
    max: 2,
    step: 0.1,
    usual: 0.8,
    low: 'tuning.precise',
    high: 'tuning.inventive',
  },
  {
    name: 'num_predict',
    label: 'tuning.length',
    hint: 'tuning.lengthHint',
    kind: 'number',
    min: 1,
    max: 1_048_576,
    placeholder: '500',
  },
  {
    name: 'num_ctx',
    label: 'tuning.context',
    hint: 'tuning.contextHint',
    kind: 'number',
    min: 512,
    max: 1_048_576,
    placeholder: '4096',
  },
]

/** Those for people who know what they look for. */
export const furtherParameters: readonly Parameter[] = [
  {
    name: 'top_p',
    label: 'tuning.topP',
    hint: 'tuning.topPHint',
    kind: 'range',
    min: 0,
    max: 1,
    step: 0.05,
    usual: 0.9,
    low: 'tuning.few',
    high: 'tuning.all',
  },
  {
    name: 'top_k',
    label: 'tuning.topK',
    hint: 'tuning.topKHint',
    kind: 'number',
    min: 0,
    max: 1_000,
    placeholder: '40',
  },
  {
    name: 'repeat_penalty',
    label: 'tuning.repeat',
    hint: 'tuning.repeatHint',
    kind: 'range',
    min: 0.5,
    max: 2,
    step: 0.05,
    usual: 1.1,
    low: 'tuning.allowed',
    high: 'tuning.avoided',
  },
  {
    name: 'seed',
    label: 'tuning.seed',
    hint: 'tuning.seedHint',
    kind: 'number',
    min: 0,
    max: 2_147_483_647,
    placeholder: '42',
  },
]
