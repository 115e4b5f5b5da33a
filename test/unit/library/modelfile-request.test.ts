import { describe, expect, it } from 'vitest'
import { ModelfileError, parseModelfile } from '../../../main/library/modelfile.ts'
import { modelfileRequest } from '../../../main/library/modelfile-request.ts'

const read = (text: string) => modelfileRequest(parseModelfile(`FROM base\n${text}`))

describe('modelfileRequest', () => {
  it('gathers everything: last wins, licences, messages and stops add up', () => {
    const text = `FROM ./mmproj.gguf
ADAPTER a.gguf
ADAPTER b.gguf
DRAFT d.gguf
TEMPLATE one
TEMPLATE two
SYSTEM s
LICENSE x
LICENSE y
RENDERER r
PARSER p
REQUIRES v0.14.0
MESSAGE user hi: there
MESSAGE assistant
 yes
PARAMETER stop "<a>"
PARAMETER stop <b>
PARAMETER num_ctx 1024
PARAMETER num_ctx 4096
PARAMETER temperature .7
PARAMETER use_mmap F
PARAMETER seed -1`.replace('assistant\n', 'assistant')
    expect(read(text)).toEqual({
      from: ['base', './mmproj.gguf'],
      adapter: 'b.gguf',
      drafts: ['d.gguf'],
      request: {
        template: 'two',
        system: 's',
        license: ['x', 'y'],
        renderer: 'r',
        parser: 'p',
        requires: '0.14.0',
        messages: [
          { role: 'user', content: 'hi: there' },
          { role: 'assistant', content: 'yes' },
        ],
        parameters: { stop: ['<a>', '<b>'], num_ctx: 4096, temperature: 0.7, use_mmap: false, seed: -1 },
      },
      deprecated: [],
    })
  })

  it('asks for nothing that is not written', () => {
    expect(read('')).toEqual({ from: ['base'], drafts: [], request: {}, deprecated: [] })
  })

  it('drops parameters nothing reads any more, and says so', () => {
    expect(read('PARAMETER mirostat 2\nPARAMETER top_k 7\nPARAMETER f16_kv true')).toMatchObject({
      request: { parameters: { top_k: 7 } },
      deprecated: ['mirostat', 'f16_kv'],
    })
  })

  it.each([
    ['PARAMETER foo 1', "unknown parameter 'foo'"],
    ['PARAMETER constructor 1', "unknown parameter 'constructor'"],
    ['PARAMETER __proto__ 1', "unknown parameter '__proto__'"],
    ['PARAMETER num_ctx 4k', 'invalid int value [4k]'],
    ['PARAMETER num_ctx 1.5', 'invalid int value [1.5]'],
    ['PARAMETER num_ctx 99999999999999999999', 'invalid int value [99999999999999999999]'],
    ['PARAMETER temperature hot', 'invalid float value [hot]'],
    ['PARAMETER temperature 1e999', 'invalid float value [1e999]'],
    ['PARAMETER use_mmap yes', 'invalid bool value [yes]'],
    ['REQUIRES latest', 'requires must be a valid semver (e.g. 0.14.0)'],
    ['REQUIRES 1.2.3.4', 'requires must be a valid semver (e.g. 0.14.0)'],
    ['REQUIRES 01.2.3', 'requires must be a valid semver (e.g. 0.14.0)'],
  ])('refuses %s', (text, message) => expect(() => read(text)).toThrow(new ModelfileError(message)))

  it.each(['0.14.0', 'v0.14.0', '0.14', '1', '1.2.3-rc.1+build.5'])('takes the version %s', version => {
    expect(read(`REQUIRES ${version}`).request.requires).toBe(version.replace(/^v/, ''))
  })
})
