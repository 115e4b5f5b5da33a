import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { whyNotInstallable } from './installable.ts'
import { dependencyFile, projectFolder } from './project.ts'
import { run } from './run.ts'
import { type Count, countReport } from './test-report.ts'

const results = join(projectFolder, 'test-results')

interface Step {
  readonly name: string
  readonly args: readonly string[]
  /** JSON report the step writes under test-results. */
  readonly report?: string
  /** Why it cannot be taken on this computer; undefined when it can. */
  readonly leaveOut?: () => Promise<string | undefined>
}

/** What has Vitest tell how it goes, and write a report. */
const reporters = (step: string): string[] => [
  ...['--reporter=default', '--reporter=json'],
  `--outputFile.json=${join(results, `${step}.json`)}`,
]

/** @param projects of vitest.config.ts */
const vitest = (name: string, projects: readonly string[]): Step => ({
  name,
  args: [
    ...[dependencyFile('vitest', 'vitest.mjs'), 'run', ...projects.flatMap(project => ['--project', project])],
    ...reporters(name),
  ],
  report: `${name}.json`,
})

const script = (name: string): string[] => ['--import', 'tsx', join(projectFolder, 'scripts', `${name}.ts`)]

const steps: readonly Step[] = [
  { name: 'types', args: [dependencyFile('typescript', 'bin', 'tsc'), '-b'] },
  { name: 'lint', args: [dependencyFile('@biomejs', 'biome', 'bin', 'biome'), 'check', '--error-on-warnings', '.'] },
  {
    name: 'arrows',
    args: [
      dependencyFile('dependency-cruiser', 'bin', 'dependency-cruise.mjs'),
      'main',
      'preload',
      'renderer',
      'forms',
    ],
  },
  { name: 'build', args: script('build') },
  vitest('unit', ['unit', 'renderer']),
  vitest('integration', ['integration']),
  { name: 'e2e', args: script('test-e2e'), report: 'e2e.json' },
  {
    name: 'install',
    args: [...script('test-install'), ...reporters('install')],
    report: 'install.json',
    leaveOut: whyNotInstallable,
  },
]

/**
 * `npm test`: every check and every test, none left out because an earlier one failed; what cannot be taken on this
 * computer is named. At the end stands every test that failed, with its reason; the last line is the sum.
 */
async function test(): Promise<number> {
  mkdirSync(results, { recursive: true })
  let passed = 0
  let failed = 0
  const failures: string[] = []
  for (const step of steps) {
    const begun = Date.now()
    console.log(`\n== ${step.name}`)
    const why = await step.leaveOut?.()
    if (why !== undefined) {
      console.log(`== ${step.name}: left out: ${why}`)
      continue
    }
    const count = await take(step)
    passed += count.passed
    failed += count.failed
    failures.push(...count.failures.map(failure => `${step.name}: ${failure}`))
    const seconds = ((Date.now() - begun) / 1000).toFixed(1)
    console.log(`== ${step.name}: ${count.failed === 0 ? 'good' : 'FAILED'}, ${seconds} s`)
  }
  for (const failure of failures) console.log(`\nFAILED ${failure}`)
  console.log(`\n${passed} passed, ${failed} failed`)
  return failed === 0 ? 0 : 1
}

async function take(step: Step): Promise<Count> {
  const report = step.report && join(results, step.report)
  if (report !== undefined) rmSync(report, { force: true })
  const { code } = await run(process.execPath, step.args, {
    cwd: projectFolder,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  if (report === undefined) return { passed: 0, failed: code === 0 ? 0 : 1, failures: [] }
  return countReport(existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : undefined, code)
}

process.exitCode = await test()
