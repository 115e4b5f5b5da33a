import type { ProblemData } from '../protocol.ts'
import type {
  Converted,
  ConvertJob,
  Forecast,
  ForecastJob,
  QuantizeJob,
  TranslateJob,
  WrittenFile,
} from '../tool-engine.ts'

/** The first and only message to a tool process: what it is for. */
export type ToTool =
  | { readonly type: 'convert'; readonly job: ConvertJob }
  | { readonly type: 'quantize'; readonly job: QuantizeJob }
  | { readonly type: 'translate'; readonly job: TranslateJob }
  | { readonly type: 'forecast'; readonly job: ForecastJob }

export type FromTool =
  /** Also a sign of life: one with the numbers of the last says that something was written since. */
  | { readonly type: 'progress'; readonly done: number; readonly total: number }
  | { readonly type: 'done'; readonly value: ToolResults[ToTool['type']] }
  | { readonly type: 'failed'; readonly problem: ProblemData }

/** What `done` carries for each kind of job. */
export interface ToolResults {
  readonly convert: Converted & WrittenFile
  readonly quantize: WrittenFile
  readonly translate: undefined
  readonly forecast: Forecast
}
