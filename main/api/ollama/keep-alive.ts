import { largestGoDuration, parseGoDuration } from '../../go/duration.ts'
import { goTypeName } from '../../go/json/type-name.ts'
import { converted, type GoType, pointer } from '../../go/json/types.ts'
import type { KeepAlive } from '../../inference/requests.ts'
import { Problem } from '../../problem.ts'

/**
 * `keep_alive`: seconds, or a Go duration; below zero for ever. Null and absence leave the choice to the server
 * (upstream api/types.go, Duration).
 * @throws Problem 400 `time: missing unit in duration "5"`, `Unsupported type: 'bool'`
 */
export const keepAlive: GoType<KeepAlive | undefined> = pointer(
  converted<KeepAlive>(0, value => {
    switch (typeof value) {
      case 'number':
        return bounded(value * 1000)
      case 'string':
        return bounded(duration(value))
      default:
        throw new Problem('invalid-request', 400, `Unsupported type: '${goTypeName(value)}'`)
    }
  }),
)

const bounded = (milliseconds: number): number =>
  milliseconds < 0 || milliseconds > largestGoDuration ? Number.POSITIVE_INFINITY : milliseconds

function duration(text: string): number {
  try {
    return parseGoDuration(text)
  } catch (error) {
    throw new Problem('invalid-request', 400, (error as Error).message)
  }
}
