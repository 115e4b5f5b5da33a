import { describe, expect, it } from 'vitest'
import {
  displayShortest,
  equalFold,
  fullName,
  parseModelName,
  parseModelReference,
  sameModel,
  storedName,
} from '../../../main/library/model-name.ts'
import { Problem } from '../../../main/problem.ts'

const hub = (namespace: string, model: string, tag = 'latest', host = 'registry.ollama.ai', scheme = 'https') => ({
  scheme,
  host,
  namespace,
  model,
  tag,
})

describe('parseModelName', () => {
  // A default filled in wrongly makes Hearth look for, and write, a manifest where Ollama never does.
  it.each([
    ['llama3', hub('library', 'llama3'), 'llama3:latest'],
    ['llama3:8b', hub('library', 'llama3', '8b'), 'llama3:8b'],
    ['mike/m', hub('mike', 'm'), 'mike/m:latest'],
    ['library/m', hub('library', 'm'), 'm:latest'],
    ['Library/m', hub('Library', 'm'), 'm:latest'],
    ['REGISTRY.ollama.ai/library/m:x', hub('library', 'm', 'x', 'REGISTRY.ollama.ai'), 'm:x'],
    ['host.example/library/m', hub('library', 'm', 'latest', 'host.example'), 'host.example/library/m:latest'],
    ['hf.co/user/Repo-GGUF:Q4_K_M', hub('user', 'Repo-GGUF', 'Q4_K_M', 'hf.co'), 'hf.co/user/Repo-GGUF:Q4_K_M'],
    ['localhost:5000/a/b', hub('a', 'b', 'latest', 'localhost:5000'), 'localhost:5000/a/b:latest'],
    ['localhost:5000/a/b:c', hub('a', 'b', 'c', 'localhost:5000'), 'localhost:5000/a/b:c'],
    ['http://host/ns/m', hub('ns', 'm', 'latest', 'host', 'http'), 'host/ns/m:latest'],
    ['https+insecure://host/ns/m:t', hub('ns', 'm', 't', 'host', 'https+insecure'), 'host/ns/m:t'],
    ['http:///ns/m', hub('ns', 'm', 'latest', 'registry.ollama.ai', 'http'), 'ns/m:latest'],
    ['_a/_b:_c', hub('_a', '_b', '_c'), '_a/_b:_c'],
    ['m.1-x_y:t.1-x_y', hub('library', 'm.1-x_y', 't.1-x_y'), 'm.1-x_y:t.1-x_y'],
    ['m..b', hub('library', 'm..b'), 'm..b:latest'],
    ['a'.repeat(80), hub('library', 'a'.repeat(80)), `${'a'.repeat(80)}:latest`],
    [`m:${'t'.repeat(80)}`, hub('library', 'm', 't'.repeat(80)), `m:${'t'.repeat(80)}`],
    [`${'n'.repeat(80)}/m`, hub('n'.repeat(80), 'm'), `${'n'.repeat(80)}/m:latest`],
    [`${'h'.repeat(350)}/n/m`, hub('n', 'm', 'latest', 'h'.repeat(350)), `${'h'.repeat(350)}/n/m:latest`],
  ])('reads %s', (text, expected, short) => {
    const name = parseModelName(text)
    expect(name).toEqual(expected)
    expect(displayShortest(name!)).toBe(short)
    expect(sameModel(parseModelName(displayShortest(name!))!, name!)).toBe(true)
  })

  // Each of these once reaching the disk would be a file outside the grammar, or outside the folder.
  it.each([
    ['', 'empty'],
    [' ', 'a blank'],
    ['m ', 'a trailing blank'],
    [':x', 'no model before the tag'],
    ['m:', 'no tag after the colon'],
    ['/m', 'no namespace before the slash'],
    ['a/', 'no model after the slash'],
    ['a//m', 'an empty namespace'],
    ['/a/m', 'an empty host'],
    ['x/h/a/m', 'four path segments'],
    ['http://m', 'a scheme without host'],
    ['m@sha256:abc', 'a digest'],
    ['-m', 'a dash in front'],
    ['.m', 'a dot in front'],
    ['m:-t', 'a dash in front of the tag'],
    ['m:.t', 'a dot in front of the tag'],
    ['-n/m', 'a dash in front of the namespace'],
    ['n.x/m', 'a dot in the namespace'],
    ['-h/n/m', 'a dash in front of the host'],
    ['.h/n/m', 'a dot in front of the host'],
    ['..', 'the parent folder'],
    ['../m', 'a way up'],
    ['../../etc/passwd', 'a way out'],
    ['n/..', 'the parent folder as model'],
    ['m:..', 'the parent folder as tag'],
    ['n\\m', 'a backslash'],
    ['m\0', 'a NUL'],
    ['m\n', 'a newline, which a $ in a pattern would let through'],
    ['modèle', 'a letter outside ASCII'],
    ['模型', 'Chinese'],
    ['m+x', 'a plus'],
    ['a'.repeat(81), 'a model of 81 characters'],
    [`m:${'t'.repeat(81)}`, 'a tag of 81 characters'],
    [`${'n'.repeat(81)}/m`, 'a namespace of 81 characters'],
    [`${'h'.repeat(351)}/n/m`, 'a host of 351 characters'],
    ['é'.repeat(80), 'bytes, not characters, are counted'],
  ])('refuses %j (%s)', text => {
    expect(parseModelName(text)).toBeUndefined()
  })
})

describe('names', () => {
  it('prints the full name, which capability errors quote', () => {
    expect(fullName(parseModelName('test')!)).toBe('registry.ollama.ai/library/test:latest')
  })

  it('takes two spellings for one model, whatever the scheme', () => {
    expect(sameModel(parseModelName('HF.co/User/Repo:q4')!, parseModelName('http://hf.co/user/repo:Q4')!)).toBe(true)
    expect(sameModel(parseModelName('a:x')!, parseModelName('a:y')!)).toBe(false)
    expect(equalFold('Latest', 'LATEST')).toBe(true)
    expect(equalFold('latest', 'latest1')).toBe(false)
  })
})

describe('parseModelReference', () => {
  it.each([
    ['m', 'm', 'unspecified'],
    ['  m:8b\n', 'm:8b', 'unspecified'],
    ['m:cloud', 'm', 'cloud'],
    ['m:CLOUD', 'm', 'cloud'],
    ['m:local', 'm', 'local'],
    ['m:8b:local', 'm:8b', 'local'],
    ['m:8b:cloud', 'm:8b', 'cloud'],
    ['m:120b-cloud', 'm:120b', 'cloud'],
    ['m:120b-Cloud', 'm:120b', 'cloud'],
    ['m-cloud', 'm-cloud', 'unspecified'],
    ['localhost:5000/a/m-cloud', 'localhost:5000/a/m-cloud', 'unspecified'],
  ])('reads %j', (raw, base, source) => {
    expect(parseModelReference(raw)).toEqual({ name: parseModelName(base), base, source })
  })

  it.each([
    ['', 'model is required'],
    ['  ', 'model is required'],
    ['m:local:cloud', 'use either :local or :cloud, not both: "m:local:cloud"'],
    ['m:x-cloud:local', 'use either :local or :cloud, not both: "m:x-cloud:local"'],
    [':cloud', 'invalid model name'],
    ['a/b/c/d', 'invalid model name'],
  ])('refuses %j', (raw, message) => {
    expect(() => parseModelReference(raw)).toThrow(new Problem('invalid-request', 400, message))
  })

  it.each([
    ['m:cloud', 'm:cloud'],
    ['m:8b:cloud', 'm:8b-cloud'],
    ['m:8b-cloud', 'm:8b-cloud'],
    ['m:local', 'm:latest'],
    ['m:8b', 'm:8b'],
  ])('finds the stored name of %s', (raw, stored) => {
    expect(displayShortest(storedName(raw))).toBe(stored)
  })
})
