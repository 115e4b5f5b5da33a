import { loadavg } from 'node:os'

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0

/**
 * Prints one row: the median of what was measured, every value, the target, and the load of the machine meanwhile.
 * @param target what the median must be below
 */
export function report(name: string, unit: string, values: readonly number[], target: number): void {
  const middle = median(values)
  const all = values.map(value => value.toFixed(0)).join(' ')
  const verdict = middle < target ? 'met' : 'NOT MET'
  const load = loadavg()[0]!.toFixed(1)
  console.log(`| ${name} | ${middle.toFixed(0)} ${unit} | ${all} | < ${target} ${unit} | ${verdict} | load ${load} |`)
}
