import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { catalogue, proposal } from '../../../../main/library/catalogue/catalogue.ts'
import { families } from '../../../../main/library/catalogue/families.ts'
import type { CatalogueSize } from '../../../../main/library/catalogue/family.ts'
import { displayShortest, parseModelName } from '../../../../main/library/model-name.ts'
import { familySchema } from '../../../../preload/contract-models.ts'

interface Texts {
  readonly families: Readonly<Record<string, string>>
  readonly licences: Readonly<Record<string, string>>
}

/** The window's own; its files belong to another half of the type check. */
async function textsOf(language: string, name: string): Promise<Texts> {
  const texts = await import(join(import.meta.dirname, `../../../../renderer/i18n/discover-${language}.ts`))
  return texts[name].catalogue
}

const sizes = families.flatMap(family => family.sizes)

describe('the catalogue', () => {
  // A name that is none, or has no tag, would pull something else than what its row says, or nothing.
  test('every model is a name with a tag', () => {
    for (const { model } of sizes) expect(displayShortest(parseModelName(model)!)).toBe(model)
  })

  test('no model and no family stands in it twice', () => {
    expect(new Set(sizes.map(({ model }) => model)).size).toBe(sizes.length)
    expect(new Set(families.map(({ id }) => id)).size).toBe(families.length)
  })

  test('sizes go from small to large, and a weight takes between three bits and two bytes', () => {
    for (const family of families) {
      const bytes = family.sizes.map(size => size.bytes)
      expect(bytes).toEqual([...bytes].sort((a, b) => a - b))
    }
    for (const { model, bytes, parameters } of sizes) {
      const perWeight = bytes / (parameters * 1e9)
      expect.soft(perWeight, model).toBeGreaterThan(0.4)
      expect.soft(perWeight, model).toBeLessThan(2.3)
    }
  })

  test('each family can be told to the window, and is described in both languages, its licence too', async () => {
    for (const texts of [await textsOf('en', 'discoverEn'), await textsOf('zh-CN', 'discoverZhCN')]) {
      expect(Object.keys(texts.families).sort()).toEqual(families.map(({ id }) => id).sort())
      for (const { licence } of families) expect(texts.licences[licence]).toMatch(/[.。]$/)
    }
    for (const family of families) {
      const here = { ...family, sizes: family.sizes.map(size => ({ ...size, fit: null })) }
      expect(familySchema.safeParse(here).error).toBeUndefined()
    }
  })

  test('it says when it was looked up', () => expect(catalogue.asOf).toMatch(/^20\d\d-(0[1-9]|1[0-2])$/))
})

describe('the model to begin with', () => {
  const within =
    (bytes: number) =>
    (size: CatalogueSize): boolean =>
      size.bytes <= bytes

  test.each([
    ['a good computer gets one that sees, but no huge download', 100e9, 'hf.co/ggml-org/gemma-3-4b-it-GGUF:Q4_K_M'],
    ['a modest one a model for text', 2.5e9, 'llama3.2:3b'],
    ['a small one the next smaller', 1.5e9, 'llama3.2:1b'],
    ['an old one the smallest', 0.5e9, 'gemma3:270m'],
    ['one that runs none is told of none', 0, undefined],
  ])('%s', (_, bytes, model) => expect(proposal(within(bytes))?.model).toBe(model))
})
