/** How many tests of one suite passed and failed. */
export interface Count {
  readonly passed: number
  readonly failed: number
}

/** What is read of vitest's JSON report. */
interface VitestReport {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly testResults: readonly { readonly status: string; readonly assertionResults: readonly unknown[] }[]
}

/** What is read of Playwright's JSON report. */
interface PlaywrightReport {
  readonly stats: { readonly expected: number; readonly unexpected: number; readonly flaky: number }
}

/**
 * Counts one suite by its report. A file that could not even be loaded has no tests and counts as one that failed, and
 * so does a suite that ended badly without any test to blame, or without a report.
 * @param report the report's JSON; undefined when there is none
 * @param code the runner's exit code
 */
export function countReport(report: unknown, code: number): Count {
  const { passed, failed } = read(report)
  return { passed, failed: failed === 0 && (code !== 0 || report === undefined) ? 1 : failed }
}

function read(report: unknown): Count {
  if (report === undefined) return { passed: 0, failed: 0 }
  if ('stats' in (report as object)) {
    const { expected, unexpected, flaky } = (report as PlaywrightReport).stats
    return { passed: expected, failed: unexpected + flaky }
  }
  const { numPassedTests, numFailedTests, testResults } = report as VitestReport
  const unloadable = testResults.filter(file => file.status === 'failed' && file.assertionResults.length === 0)
  return { passed: numPassedTests, failed: numFailedTests + unloadable.length }
}
