import { expect, test } from 'vitest'
import { countReport } from '../../../scripts/test-report.ts'

const vitest = (passed: number, failed: number, testResults: unknown[] = []) => ({
  numPassedTests: passed,
  numFailedTests: failed,
  testResults,
})

// Each of these would otherwise let a broken suite print "0 failed".
test.each([
  ['a suite that left no report', undefined, 1, { passed: 0, failed: 1 }],
  ['a suite that left no report and claims to be fine', undefined, 0, { passed: 0, failed: 1 }],
  ['an error outside any test', vitest(3, 0), 1, { passed: 3, failed: 1 }],
  [
    'a file that could not be loaded',
    vitest(3, 0, [{ status: 'failed', assertionResults: [] }]),
    1,
    { passed: 3, failed: 1 },
  ],
  ['failed tests', vitest(3, 2), 1, { passed: 3, failed: 2 }],
  ['a good suite', vitest(3, 0), 0, { passed: 3, failed: 0 }],
  ['a good window', { stats: { expected: 4, unexpected: 0, flaky: 0 } }, 0, { passed: 4, failed: 0 }],
  ['a flaky window', { stats: { expected: 4, unexpected: 1, flaky: 2 } }, 1, { passed: 4, failed: 3 }],
  ['no window tests at all', { stats: { expected: 0, unexpected: 0, flaky: 0 } }, 1, { passed: 0, failed: 1 }],
])('%s', (_, report, code, count) => {
  expect(countReport(report, code)).toEqual(count)
})
