/**
 * CPU time this process has used, in milliseconds. For guards against work that grows too fast with its input: unlike
 * the clock, it tells the same on an idle machine and on a busy one.
 */
export function cpuTime(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}
