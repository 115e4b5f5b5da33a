import { expect, test } from 'vitest'
import { desktopTexts } from '../../../main/desktop/texts.ts'

test.each([
  ['system', 'en-GB', 'Edit'],
  ['system', 'zh-Hans-CN', '编辑'],
  ['system', 'zh-TW', '编辑'],
  ['system', 'de', 'Edit'],
  ['system', '', 'Edit'],
  ['zh-CN', 'en', '编辑'],
  ['en', 'zh-CN', 'Edit'],
] as const)('%s on a %s system says %s', (language, system, edit) => {
  expect(desktopTexts(language, system).edit).toBe(edit)
})
