import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { nextTextSize, textSizeSteps } from '../../../main/desktop/text-size.ts'
import { Notices } from '../../../main/settings/notices.ts'
import { SettingsStore } from '../../../main/settings/settings-store.ts'

test.each([
  [100, 'larger', 110],
  [100, 'smaller', 90],
  [150, 'usual', 100],
  // At either end, and for what was written into the file by hand.
  [200, 'larger', 200],
  [80, 'smaller', 80],
  [115, 'larger', 125],
  [300, 'smaller', 200],
  [300, 'larger', 300],
] as const)('from %i percent, %s is %i', (now, step, next) => {
  expect(nextTextSize(now, step)).toBe(next)
})

function opened() {
  const home = mkdtempSync(join(tmpdir(), 'hearth-text-size-'))
  onTestFinished(() => rmSync(home, { recursive: true }))
  const notices = new Notices()
  const told: string[][] = []
  notices.watch(list => told.push(list.map(({ code }) => code)))
  const settings = new SettingsStore({ home, notices })
  return { file: join(home, 'settings.json'), settings, told, step: textSizeSteps(settings, notices) }
}

// The second step was reckoned from the size before the first, as that was still being written.
test('each of several quick steps counts', async () => {
  const { settings, step } = opened()
  await Promise.all([step('larger'), step('larger'), step('larger'), step('smaller')])
  expect(settings.get().textSize).toBe(125)
})

// Nothing happened, and only the log said why.
test('a step that cannot be saved is told until one can', async () => {
  const { file, settings, told, step } = opened()
  // No file can take the place of a folder.
  mkdirSync(file)
  await step('larger')
  await step('larger')
  expect(settings.get().textSize).toBe(100)
  expect(told.at(-1)).toEqual(['text-size-unsaved'])
  rmSync(file, { recursive: true })
  await step('larger')
  expect(settings.get().textSize).toBe(110)
  expect(told.at(-1)).toEqual([])
})
