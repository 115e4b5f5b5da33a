import { describe, expect, it } from 'vitest'
import { languageFor } from '../../../preload/contract-languages.ts'
import { en } from '../../../renderer/i18n/en.ts'
import { duration, fileSize, milliseconds, monthName, percent, sentences } from '../../../renderer/i18n/format.ts'
import { zhCN } from '../../../renderer/i18n/zh-CN.ts'

type Tree = { readonly [key: string]: string | Tree }

function flat(tree: Tree, prefix = ''): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string' ? [[prefix + key, value] as [string, string]] : flat(value, `${prefix}${key}.`),
  )
}

const english = new Map(flat(en))
const chinese = flat(zhCN)
const values = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(match => match[1]).sort()

describe('the texts', () => {
  it('are read from both languages', () => {
    expect(chinese.length).toBeGreaterThan(150)
  })

  it.each(chinese)(
    '%s names the same values in both languages, or one would show {{name}} to the person',
    (key, text) => {
      expect(values(text)).toEqual(values(english.get(key) ?? ''))
    },
  )

  // A name, and two values with a colon between them.
  it.each(chinese.filter(([key]) => !['app.name', 'discover.again'].includes(key)))(
    '%s is Chinese in Chinese',
    (_, text) => {
      expect(text).toMatch(/\p{Script=Han}/u)
    },
  )

  it.each(chinese)('%s has no half-width punctuation after a Chinese character', (_, text) => {
    expect(text).not.toMatch(/\p{Script=Han}[,;:!?]/u)
  })
})

describe('the language', () => {
  it.each([
    ['system', 'zh-Hans-CN', 'zh-CN'],
    ['system', 'zh', 'zh-CN'],
    ['system', 'ZH-tw', 'zh-CN'],
    ['system', 'de-DE', 'en'],
    ['system', '', 'en'],
    ['en', 'zh-CN', 'en'],
    ['zh-CN', 'en-US', 'zh-CN'],
  ] as const)('is for the choice %s on a system that speaks %j: %s', (setting, system, language) => {
    expect(languageFor(setting, system)).toBe(language)
  })
})

describe('numbers and dates', () => {
  it('are written as the language writes them', () => {
    expect(percent(0.4, 'en')).toBe('40%')
    expect(fileSize(3_338_801_804, 'en')).toBe('3.3 GB')
    expect(fileSize(2_951_360, 'zh-CN')).toBe('3 MB')
    expect(fileSize(0, 'en')).toBe('0 kB')
    expect(duration(300, 'zh-CN')).toBe('5 分钟')
    expect(milliseconds(6, 'zh-CN')).toBe('6 毫秒')
    expect(sentences(['Nothing was moved', null, 'Try again.'], 'en')).toBe('Nothing was moved. Try again.')
    expect(sentences(['没有移动', '', '请重试。'], 'zh-CN')).toBe('没有移动。请重试。')
    expect(monthName(new Date(2026, 9, 3).getTime(), new Date(2026, 10, 1).getTime(), 'zh-CN')).toBe('十月')
    expect(monthName(new Date(2025, 9, 3).getTime(), new Date(2026, 10, 1).getTime(), 'en')).toBe('October 2025')
  })
})
