import { stripVTControlCharacters } from 'node:util'

/** How many tests of one suite passed and failed. */
export interface Count {
  readonly passed: number
  readonly failed: number
  /** A paragraph for each test that failed: where it stands, its name, and why. */
  readonly failures: readonly string[]
}

/** What is read of vitest's JSON report. */
interface VitestReport {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly testResults: readonly VitestFile[]
}

interface VitestFile {
  readonly name: string
  readonly status: string
  readonly message: string
  readonly assertionResults: readonly {
    readonly fullName: string
    readonly status: string
    readonly failureMessages?: readonly string[]
  }[]
}

/** What is read of Playwright's JSON report. */
interface PlaywrightReport {
  readonly stats: { readonly expected: number; readonly unexpected: number; readonly flaky: number }
  readonly suites?: readonly PlaywrightSuite[]
}

interface PlaywrightSuite {
  readonly suites?: readonly PlaywrightSuite[]
  readonly specs: readonly {
    readonly file: string
    readonly title: string
    readonly ok: boolean
    readonly tests: readonly {
      readonly results: readonly { readonly errors: readonly { readonly message?: string }[] }[]
    }[]
  }[]
}

/**
 * Counts one suite by its report. A file that could not even be loaded has no tests and counts as one that failed, and
 * so does a suite that ended badly without any test to blame, or without a report.
 * @param report the report's JSON; undefined when there is none
 * @param code the runner's exit code
 */
export function countReport(report: unknown, code: number): Count {
  const { passed, failed, failures } = read(report)
  if (failed > 0 || (code === 0 && report !== undefined)) return { passed, failed, failures }
  return { passed, failed: 1, failures: [`no test to blame: exit code ${code}`] }
}

function read(report: unknown): Count {
  if (report === undefined) return { passed: 0, failed: 0, failures: [] }
  if ('stats' in (report as object)) {
    const { stats, suites = [] } = report as PlaywrightReport
    return { passed: stats.expected, failed: stats.unexpected + stats.flaky, failures: suites.flatMap(failuresOfSuite) }
  }
  const { numPassedTests, numFailedTests, testResults } = report as VitestReport
  const unloadable = testResults.filter(file => file.status === 'failed' && file.assertionResults.length === 0)
  return {
    passed: numPassedTests,
    failed: numFailedTests + unloadable.length,
    failures: [
      ...unloadable.map(({ name, message }) => failure(name, 'cannot be loaded', [message])),
      ...testResults.flatMap(failuresOfFile),
    ],
  }
}

const failuresOfFile = ({ name, assertionResults }: VitestFile): string[] =>
  assertionResults
    .filter(({ status }) => status === 'failed')
    .map(({ fullName, failureMessages = [] }) => failure(name, fullName, failureMessages))

function failuresOfSuite({ suites = [], specs }: PlaywrightSuite): string[] {
  const own = specs
    .filter(({ ok }) => !ok)
    .map(({ file, title, tests }) => {
      const errors = tests.flatMap(({ results }) => results.flatMap(({ errors }) => errors))
      return failure(
        file,
        title,
        errors.map(({ message = '' }) => message),
      )
    })
  return [...own, ...suites.flatMap(failuresOfSuite)]
}

/** Enough of the reason to begin with; the whole stands where the suite printed it. */
function failure(file: string, name: string, reasons: readonly string[]): string {
  const lines = stripVTControlCharacters(reasons.join('\n')).split('\n').slice(0, 12)
  return [`${file} > ${name}`, ...lines.map(line => `    ${line.slice(0, 200)}`)].join('\n')
}
