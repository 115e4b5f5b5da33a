import type { Parameters } from '../../../preload/contract.ts'
import { parameterLimits } from '../../../preload/contract-limits.ts'
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
    ...parameterLimits.temperature,
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
    ...parameterLimits.num_predict,
    placeholder: '500',
  },
  {
    name: 'num_ctx',
    label: 'tuning.context',
    hint: 'tuning.contextHint',
    kind: 'number',
    ...parameterLimits.num_ctx,
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
    ...parameterLimits.top_p,
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
    ...parameterLimits.top_k,
    placeholder: '40',
  },
  {
    name: 'repeat_penalty',
    label: 'tuning.repeat',
    hint: 'tuning.repeatHint',
    kind: 'range',
    min: 0.5,
    max: parameterLimits.repeat_penalty.max,
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
    ...parameterLimits.seed,
    placeholder: '42',
  },
]
