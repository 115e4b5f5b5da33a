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
    vitest(3, 0, [{ name: 'a.test.ts', status: 'failed', message: 'no such module', assertionResults: [] }]),
    1,
    { passed: 3, failed: 1 },
  ],
  ['failed tests', vitest(3, 2), 1, { passed: 3, failed: 2 }],
  ['a good suite', vitest(3, 0), 0, { passed: 3, failed: 0 }],
  ['a good window', { stats: { expected: 4, unexpected: 0, flaky: 0 } }, 0, { passed: 4, failed: 0 }],
  ['a flaky window', { stats: { expected: 4, unexpected: 1, flaky: 2 } }, 1, { passed: 4, failed: 3 }],
  ['no window tests at all', { stats: { expected: 0, unexpected: 0, flaky: 0 } }, 1, { passed: 0, failed: 1 }],
])('%s', (_, report, code, count) => {
  expect(countReport(report, code)).toMatchObject(count)
})

// The log of a long run was cut at its beginning, and nobody could say which test had failed.
test('every test that failed is named with its reason', () => {
  const assertionResults = [
    { fullName: 'adds', status: 'passed' },
    {
      fullName: 'counts',
      status: 'failed',
      failureMessages: ['expected \u001b[31m1\u001b[39m to be 2\n  at a.test.ts:3'],
    },
  ]
  const units = vitest(1, 1, [{ name: 'a.test.ts', status: 'failed', message: '', assertionResults }])
  expect(countReport(units, 1).failures).toEqual(['a.test.ts > counts\n    expected 1 to be 2\n      at a.test.ts:3'])
  const spec = (title: string, message?: string) => ({
    file: 'chat.spec.ts',
    title,
    ok: message === undefined,
    tests: [{ results: [{ errors: message === undefined ? [] : [{ message }] }] }],
  })
  const suites = [{ specs: [spec('asks')], suites: [{ specs: [spec('stops', 'it went on')] }] }]
  const window = { stats: { expected: 1, unexpected: 1, flaky: 0 }, suites }
  expect(countReport(window, 1).failures).toEqual(['chat.spec.ts > stops\n    it went on'])
  expect(countReport(undefined, 1).failures).toEqual(['no test to blame: exit code 1'])
})
