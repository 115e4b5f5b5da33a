import type { KeepAlive } from '../../inference/requests.ts'
import { Problem } from '../../problem.ts'
import { maxDuration, parseDuration } from '../go-json/duration.ts'
import { converted, type GoType, pointer } from '../go-json/types.ts'

/**
 * `keep_alive`: seconds, or a Go duration; below zero for ever. Null and absence leave the choice to the server
 * (upstream api/types.go, Duration).
 * @throws Problem 400 `time: missing unit in duration "5"`, `Unsupported type: 'bool'`
 */
export const keepAlive: GoType<KeepAlive | undefined> = pointer(
  converted<KeepAlive>(0, value => {
    switch (typeof value) {
      case 'number':
        return milliseconds(value * 1e9)
      case 'string':
        return milliseconds(parseDuration(value))
      default:
        throw new Problem('invalid-request', 400, `Unsupported type: '${goTypeOf(value)}'`)
    }
  }),
)

const milliseconds = (nanoseconds: number): number =>
  nanoseconds < 0 || nanoseconds >= maxDuration ? Number.POSITIVE_INFINITY : nanoseconds / 1e6

function goTypeOf(value: unknown): string {
  if (typeof value === 'boolean') return 'bool'
  return Array.isArray(value) ? '[]interface {}' : 'map[string]interface {}'
}
