import { describe, expect, it } from 'vitest'
import { modelsFolder, modelsFolderFixed, pruningDisabled } from '../../../main/library/environment.ts'

describe('modelsFolder', () => {
  it.each([
    [undefined, '/home/lena/.ollama/models'],
    ['', '/home/lena/.ollama/models'],
    ['  ', '/home/lena/.ollama/models'],
    ['/data/models', '/data/models'],
    [' "/data/my models" ', '/data/my models'],
    ["'/data/models'", '/data/models'],
  ])('reads %j', (value, folder) => {
    expect(modelsFolder({ OLLAMA_MODELS: value }, '/home/lena')).toBe(folder)
  })

  it('takes the folder the person has chosen, unless the variable says otherwise', () => {
    expect(modelsFolder({}, '/home/lena', '/big/models')).toBe('/big/models')
    expect(modelsFolder({ OLLAMA_MODELS: '/data' }, '/home/lena', '/big/models')).toBe('/data')
    expect([{}, { OLLAMA_MODELS: ' ' }, { OLLAMA_MODELS: '/data' }].map(modelsFolderFixed)).toEqual([
      false,
      false,
      true,
    ])
  })

  it('makes a relative folder absolute, so that a later chdir cannot move it', () => {
    expect(modelsFolder({ OLLAMA_MODELS: 'models' }, '/home/lena')).toBe(`${process.cwd()}/models`)
  })
})

describe('pruningDisabled', () => {
  it.each([
    [undefined, false],
    ['', false],
    ['0', false],
    ['false', false],
    ['1', true],
    ['yes', true],
    ['"true"', true],
  ])('reads %j', (value, disabled) => expect(pruningDisabled({ OLLAMA_NOPRUNE: value })).toBe(disabled))
})
