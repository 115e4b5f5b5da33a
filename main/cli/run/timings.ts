import { formatGoDuration } from '../../go/duration.ts'
import type { Timings } from '../api.ts'

/**
 * What `--verbose` tells of an answer, a line each; what the server did not count is left out (upstream api/types.go).
 */
export function timingLines(timings: Timings): string {
  const { total_duration, load_duration, prompt_eval_count, prompt_eval_duration, eval_count, eval_duration } = timings
  const rows: [string, string | undefined][] = [
    ['total duration:', duration(total_duration)],
    ['load duration:', duration(load_duration)],
    ['prompt eval count:', prompt_eval_count ? `${prompt_eval_count} token(s)` : undefined],
    ['prompt eval duration:', duration(prompt_eval_duration)],
    ['prompt eval rate:', rate(prompt_eval_count, prompt_eval_duration)],
    ['eval count:', eval_count ? `${eval_count} token(s)` : undefined],
    ['eval duration:', duration(eval_duration)],
    ['eval rate:', rate(eval_count, eval_duration)],
  ]
  return rows.map(([name, value]) => (value === undefined ? '' : `${name.padEnd(22)}${value}\n`)).join('')
}

function duration(nanoseconds: number | undefined): string | undefined {
  return nanoseconds ? formatGoDuration(nanoseconds) : undefined
}

function rate(tokens: number | undefined, nanoseconds: number | undefined): string | undefined {
  return tokens && nanoseconds ? `${(tokens / (nanoseconds / 1e9)).toFixed(2)} tokens/s` : undefined
}
