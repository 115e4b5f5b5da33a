import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { expandPath, isPath } from '../../../../main/cli/create/expand-path.ts'
import { modelFiles } from '../../../../main/library/modelfile-folder.ts'

const binary = Buffer.from('GGUF\x03\0\0\0')
const zip = Buffer.from('PK\x03\x04\0')

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearth-files-'))
})

afterEach(() => rmSync(folder, { recursive: true }))

function put(files: Record<string, string | Buffer>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true })
    writeFileSync(join(folder, name), content)
  }
}

const names = async () => (await modelFiles(folder)).map(({ name }) => name).sort()

describe('modelFiles', () => {
  // The command read it for ever.
  it.skipIf(process.platform === 'win32')('takes neither a device nor a pipe', async () => {
    await expect(modelFiles('/dev/zero')).rejects.toThrow('/dev/zero is neither a file nor a folder')
  })

  it.skipIf(process.platform === 'win32')(
    'names a pipe among the files of a folder, and of a split model',
    async () => {
      const refused = async (name: string, others: Record<string, string | Buffer>, path = folder) => {
        put(others)
        execFileSync('mkfifo', [join(folder, name)])
        await expect(modelFiles(path)).rejects.toThrow(`${join(folder, name)} is neither a file nor a folder`)
        for (const file of [name, ...Object.keys(others)]) rmSync(join(folder, file))
      }
      await refused('x.gguf', { 'a.gguf': binary })
      await refused('model.safetensors', { 'config.json': '{}' })
      await refused('tokenizer.json', { 'model.safetensors': binary })
      await refused('chat_template.jinja', { 'model.safetensors': binary })
      const first = { 'm-00001-of-00002.gguf': binary }
      await refused('m-00002-of-00002.gguf', first, join(folder, 'm-00001-of-00002.gguf'))
    },
  )

  // A person saw all parts lie there, and read that one was missing.
  it('names a part of a split model that is spelled otherwise', async () => {
    put({ 'm-00001-of-00003.gguf': binary, 'M-00002-of-00003.gguf': binary, 'm-00003-of-00003.GGUF': binary })
    await expect(modelFiles(join(folder, 'm-00001-of-00003.gguf'))).rejects.toThrow(
      /^m-00001-of-00003.gguf is one of 3 parts, of which 2 is missing: m-00002-of-00003.gguf was looked for, M-00002-of-00003.gguf is there$/,
    )
    rmSync(join(folder, 'M-00002-of-00003.gguf'))
    await expect(modelFiles(join(folder, 'm-00001-of-00003.gguf'))).rejects.toThrow(/of which 2 is missing$/)
  })

  it('takes safetensors before anything else, with the settings, those one folder deeper too', async () => {
    put({
      'model-00001-of-00002.safetensors': binary,
      'model-00002-of-00002.safetensors': binary,
      'other.gguf': binary,
      'config.json': '{}',
      'tokenizer.json': '{}',
      '1_Pooling/config.json': '{}',
      'a/b/deep.json': '{}',
      'chat_template.jinja': '{{ x }}',
      'README.md': '#',
    })
    expect(await names()).toEqual([
      '1_Pooling/config.json',
      'chat_template.jinja',
      'config.json',
      'model-00001-of-00002.safetensors',
      'model-00002-of-00002.safetensors',
      'tokenizer.json',
    ])
  })

  it.each<[string, Record<string, string | Buffer>, string[]]>([
    [
      'an adapter',
      { 'adapter_model.safetensors': binary, 'adapter_config.json': '{}' },
      ['adapter_config.json', 'adapter_model.safetensors'],
    ],
    // Their settings, sent along, made a folder as Hugging Face has it one that no model could be made of.
    ['GGUF', { 'a.gguf': binary, 'b.gguf': binary, 'config.json': '{}', 'z.json': binary }, ['a.gguf', 'b.gguf']],
    ['PyTorch', { 'pytorch_model.bin': zip }, ['pytorch_model.bin']],
    // A pointer of git-lfs instead of the file: text, which is not taken for weights.
    ['weights and pointers', { 'pytorch_model.bin': 'version https://git-lfs', 'x.gguf': binary }, ['x.gguf']],
  ])('finds %s', async (_, files, expected) => {
    put(files)
    expect(await names()).toEqual(expected)
  })

  it('says that a folder holds no model', async () => {
    put({ 'config.json': '{}' })
    await expect(modelFiles(folder)).rejects.toThrow('no Modelfile or safetensors files found')
  })

  it('names a GGUF file that is only a pointer to one, where there is nothing else', async () => {
    put({ 'a.gguf': 'version https://git-lfs', 'z.gguf': binary })
    await expect(modelFiles(folder)).rejects.toThrow(
      /^invalid content type: expected application\/octet-stream for .*a\.gguf, got text\/plain$/,
    )
  })

  it('refuses a setting that is no text', async () => {
    put({ 'model.safetensors': binary, 'config.json': binary })
    await expect(modelFiles(folder)).rejects.toThrow('invalid content type: expected text/plain for')
  })

  // A folder from a stranger would take any file of the person along into a model they then push.
  it('refuses a link that leads out of the folder, and follows one that stays in it', async () => {
    put({ 'weights/real': binary, 'config.json': '{}' })
    symlinkSync(join(folder, 'weights/real'), join(folder, 'model.safetensors'))
    expect(await names()).toEqual(['config.json', 'model.safetensors'])
    symlinkSync('/etc/hostname', join(folder, 'secret.json'))
    await expect(modelFiles(folder)).rejects.toThrow(/^insecure path: \.\./)
  })
})

describe('paths of a Modelfile', () => {
  it('are relative to it, absolute or from the home', () => {
    expect(expandPath('m.gguf', '/a/b')).toBe('/a/b/m.gguf')
    expect(expandPath('../m.gguf', '/a/b')).toBe('/a/m.gguf')
    expect(expandPath('/m.gguf', '/a/b')).toBe('/m.gguf')
    expect(expandPath('~/m.gguf', '/a')).toBe(join(process.env.HOME ?? '', 'm.gguf'))
  })

  it.each(['./x', '../x', '/x', '~/x', 'C:\\x', 'model.gguf', '.'])('%s can only be a path', text => {
    expect(isPath(text)).toBe(true)
  })

  it.each(['llama3', 'hf.co/a/b:Q4_K_M', 'mike/m:1', 'x.y'])('%s may be a model', text => {
    expect(isPath(text)).toBe(false)
  })
})
