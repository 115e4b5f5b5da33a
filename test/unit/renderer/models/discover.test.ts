// @vitest-environment happy-dom

import i18next from 'i18next'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Family, Fit } from '../../../../preload/contract.ts'
import { fitSentence } from '../../../../renderer/features/models/discover/fit-words.ts'
import { bestSize, matching, parameterSize } from '../../../../renderer/features/models/discover/matches.ts'
import { startTexts } from '../../../../renderer/i18n/i18n.ts'

const gb = 1e9
const aFit = (over: Partial<Fit> = {}): Fit => ({
  verdict: 'well',
  exact: true,
  download: 5 * gb,
  diskFree: 2 * gb,
  needed: 12 * gb,
  free: 7.4 * gb,
  total: 8 * gb,
  computedBy: 'processor',
  wordsPerSecond: 2.4,
  contextSize: 2048,
  ...over,
})

beforeAll(() => startTexts('en'))

describe('whether a model runs here, in one sentence', () => {
  test.each([
    [
      aFit({ wordsPerSecond: 25.4, contextSize: 26_800 }),
      'Comfortable: about 25 words a second, room for about 40 pages.',
    ],
    // "About 4,547 words a second" is a number nobody can do anything with.
    [aFit({ wordsPerSecond: 4547 }), 'Comfortable: writes faster than you can read, room for about 3 pages.'],
    [aFit({ verdict: 'slow' }), 'Runs slowly: about 2 words a second, as no graphics card here can help.'],
    [
      aFit({ verdict: 'slow', computedBy: 'both', wordsPerSecond: 0.31 }),
      'Runs slowly: about 0.3 words a second, as only a part of it fits on the graphics card.',
    ],
    [
      aFit({ verdict: 'forgetful' }),
      'Runs, but memory is short: it keeps only about the last 3 pages of a chat in view.',
    ],
    [aFit({ verdict: 'too-large' }), 'Does not fit: needs 12 GB of memory, 7.4 GB are free.'],
    [
      aFit({ verdict: 'too-large', total: 16 * gb }),
      'Does not fit just now: needs 12 GB of memory, 7.4 GB of 16 GB are free. Close other programs.',
    ],
    [aFit({ verdict: 'disk-full' }), 'No room on the disk: needs 5 GB, 2 GB are free.'],
    [aFit({ verdict: 'unsupported' }), 'Hearth cannot run this model.'],
  ])('%#: %s', (fit, sentence) => expect(fitSentence(fit, i18next.t, 'en')).toBe(sentence))

  // It writes nothing: words a second and pages of a chat would promise what it cannot do.
  test.each([
    ['well', 'Comfortable on this computer.'],
    ['slow', 'Runs slowly on this computer.'],
  ] as const)('of one that only finds texts, %s', (verdict, sentence) =>
    expect(fitSentence(aFit({ verdict }), i18next.t, 'en', false)).toBe(sentence),
  )
})

const family = (over: Partial<Family>): Family => ({
  id: 'qwen3',
  name: 'Qwen 3',
  maker: 'Alibaba',
  licence: 'apache',
  uses: ['write'],
  abilities: [],
  languages: 'english',
  sizes: [aSize(1), aSize(5), aSize(20)],
  ...over,
})
const aSize = (size: number, fit = aFit()) => ({ model: `m:${size}b`, parameters: size, bytes: size * gb, fit })

describe('the catalogue', () => {
  const coder = family({ id: 'qwen2-5-coder', name: 'Coder', uses: ['code'], sizes: [aSize(7)] })
  const eyes = family({ id: 'llava', name: 'Eyes', uses: ['pictures'], sizes: [aSize(4)] })
  const all = [family({}), coder, eyes]
  const found = (query: string, wish: Parameters<typeof matching>[1]['wish'] = null) =>
    matching(all, { query, wish }, i18next.t).map(({ name }) => name)

  // People type what they want to do, not how a model is called.
  test.each([
    ['', ['Qwen 3', 'Coder', 'Eyes']],
    ['photo', ['Eyes']],
    ['PYTHON', ['Coder']],
    ['letter', ['Qwen 3']],
    ['old laptop', ['Qwen 3']],
    ['alibaba 7b', ['Coder']],
    ['nothing like this', []],
    ['write letters to my aunt', ['Qwen 3']],
    ['a program in COBOL', ['Coder']],
    ['receipts', ['Qwen 3']],
  ])('finds by %j', (query, names) => expect(found(query)).toEqual(names))

  test('shows what serves a wish', () => {
    expect(found('', 'code')).toEqual(['Coder'])
    expect(found('', 'small')).toEqual(['Qwen 3'])
    expect(found('photo', 'code')).toEqual([])
  })

  test('shows first what runs well and is no huge download', () => {
    expect(bestSize(family({}), null)?.model).toBe('m:5b')
    expect(bestSize(family({}), 'small')?.model).toBe('m:1b')
    const slow = aFit({ verdict: 'slow' })
    expect(bestSize(family({ sizes: [aSize(7, slow), aSize(9, slow)] }), null)?.model).toBe('m:7b')
  })

  test('writes sizes as models do', () => {
    expect([parameterSize(0.27), parameterSize(4.3)]).toEqual(['270M', '4.3B'])
  })
})

// Chinese has no spaces: whole sentences were looked for as one word, and ordinary ones found nothing.
describe('the catalogue, searched in Chinese', () => {
  beforeAll(() => startTexts('zh-CN'))
  afterAll(() => startTexts('en'))

  const large = [aSize(8)]
  const here = [
    family({ id: 'gemma3-sees', uses: ['write', 'pictures', 'chinese'], sizes: large }),
    family({ id: 'qwen3', uses: ['write', 'reason', 'code', 'chinese'], sizes: large }),
    family({ id: 'qwen2-5-coder', uses: ['code'], sizes: large }),
    family({ id: 'phi4', uses: ['reason', 'write'], sizes: large }),
    family({ id: 'granite3-3', uses: ['write'], sizes: large }),
    family({ id: 'llava', uses: ['pictures'], sizes: large }),
    family({ id: 'nomic-embed-text', uses: ['search'], sizes: large }),
  ]
  const found = (query: string) => matching(here, { query, wish: null }, i18next.t).map(({ id }) => id)

  test.each([
    ['写一封信', 'gemma3-sees', 'qwen2-5-coder'],
    ['给妈妈写一封信', 'gemma3-sees', 'nomic-embed-text'],
    ['帮我写一封邮件给老板', 'gemma3-sees', 'nomic-embed-text'],
    ['帮我看图片', 'llava', 'qwen3'],
    ['看照片', 'llava', 'qwen3'],
    ['识别发票', 'gemma3-sees', 'qwen2-5-coder'],
    ['写代码', 'qwen2-5-coder', 'llava'],
    ['写一个程序', 'qwen2-5-coder', 'llava'],
    ['写 python 程序', 'qwen2-5-coder', 'llava'],
    ['编程', 'qwen2-5-coder', 'llava'],
    ['翻译文章', 'gemma3-sees', 'llava'],
    ['总结文章', 'granite3-3', 'llava'],
    ['学英语', 'gemma3-sees', 'qwen2-5-coder'],
    ['做数学题', 'phi4', 'llava'],
    ['搜索文档', 'nomic-embed-text', 'gemma3-sees'],
  ])('%s finds %s, not %s', (query, wanted, unwanted) => {
    const names = found(query)
    expect(names).toContain(wanted)
    expect(names).not.toContain(unwanted)
  })

  test('whether a model runs here is told in Chinese, too, where a reader counts characters', () => {
    const fit = aFit({ wordsPerSecond: 25.4, contextSize: 26_800 })
    expect(fitSentence(fit, i18next.t, 'zh-CN')).toBe('运行流畅：每秒约 34 个字，能记住约 40 页内容。')
  })

  test.each(['量子纠缠', '红烧肉'])('%s finds nothing', query => expect(found(query)).toEqual([]))
})
