import { createHash } from 'node:crypto'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fixtures, startServer, type TestServer } from '../api/server.ts'
import { splitFixture } from '../library/split-fixture.ts'
import { draw, redCircle } from '../pictures.ts'
import { type Ended, hearth, hearthProcess } from './terminal.ts'

let server: TestServer
let folder: string
let env: NodeJS.ProcessEnv

beforeAll(async () => {
  server = await startServer()
  folder = mkdtempSync(join(tmpdir(), 'hearth-cli-'))
  env = { OLLAMA_HOST: server.url, HEARTH_HOME: join(folder, 'home') }
})

afterAll(async () => {
  await server.close()
  rmSync(folder, { recursive: true, force: true })
})

const run = (line: string, input = ''): Promise<Ended> =>
  hearth(line.replace(/-f (?=\w)/, `-f ${folder}/`).split(' '), env, input)

const failed = (message: string): Ended => ({ code: 1, out: '', errors: `Error: ${message}\n` })

/** A Modelfile in the folder the commands run in. */
function modelfile(text: string, name = 'Modelfile'): void {
  writeFileSync(join(folder, name), text)
}

describe('hearth', () => {
  test('without a word shows its commands', async () => {
    const { code, out, errors } = await hearth([], env)
    expect({ code, errors }).toEqual({ code: 0, errors: '' })
    for (const name of ['serve', 'create', 'show', 'run', 'stop', 'pull', 'push', 'list', 'ps', 'cp', 'rm', 'help']) {
      expect(out).toMatch(new RegExp(`^  ${name} +\\S`, 'm'))
    }
  })

  test.each(['--help', 'help', '-h'])('%s does the same', async word => {
    expect((await run(word)).out).toBe((await hearth([], env)).out)
  })

  test('says that it knows no such topic, and what there is', async () => {
    const { out, code } = await run('help frobnicate')
    expect(code).toBe(0)
    expect(out).toBe(`Unknown help topic [\`frobnicate\`]\n${(await run('help')).out}`)
  })

  // A script goes by these.
  test('ends with code 0, or with 1 and one line of error', async () => {
    expect(await hearthProcess(['--version'], env)).toEqual({ code: 0, out: 'hearth version is 0.1.0\n', errors: '' })
    expect(await hearthProcess(['frobnicate'], env)).toEqual(failed('unknown command "frobnicate" for "hearth"'))
  })

  test('shows the flags of a command as Ollama does', async () => {
    for (const line of ['run --help', 'help run']) {
      const { out, code } = await run(line)
      expect(code).toBe(0)
      expect(out).toContain('Usage:\n  hearth run MODEL [PROMPT] [flags]\n')
      for (const flag of [
        '--format string',
        '--hidethinking',
        '--insecure',
        '--keepalive string',
        '--nowordwrap',
        '--think string',
        '--verbose',
      ]) {
        expect(out).toContain(`      ${flag}`)
      }
    }
  })

  test.each(['-v', '--version', 'version'])('%s tells the version', async word => {
    expect(await run(word)).toEqual({ code: 0, out: 'hearth version is 0.1.0\n', errors: '' })
  })

  // What a person who knows Ollama reads.
  test.each([
    ['frobnicate', 'unknown command "frobnicate" for "hearth"'],
    ['--nope', 'unknown flag: --nope'],
    ['run --nope m', 'unknown flag: --nope'],
    ['run -x m', "unknown shorthand flag: 'x' in -x"],
    ['run', 'requires at least 1 arg(s), only received 0'],
    ['cp one', 'accepts 2 arg(s), received 1'],
    ['show', 'accepts 1 arg(s), received 0'],
    ['create', 'accepts 1 arg(s), received 0'],
    ['run m --format', 'flag needs an argument: --format'],
    ['run hearth-demo --format xml hi', 'invalid value for --format: "xml" (must be json or a JSON schema)'],
    [
      'run hearth-demo --think=much hi',
      'invalid value for --think: "much" (must be true, false, high, medium, low, or max)',
    ],
    ['run hearth-demo --keepalive 5 hi', 'time: missing unit in duration "5"'],
    [
      'show --license --system hearth-demo',
      "only one of '--license', '--modelfile', '--parameters', '--system', or '--template' can be specified",
    ],
    ['show nosuch', "model 'nosuch:latest' not found"],
    ['rm nosuch', "model 'nosuch' not found"],
    ['stop nosuch', 'couldn\'t find model "nosuch" to stop'],
    ['cp nosuch x', 'model "nosuch" not found'],
    ['create x -f none', "specified Modelfile wasn't found"],
  ])('%s fails with one line', async (line, message) => expect(await run(line)).toEqual(failed(message)))
})

describe('models', () => {
  test('are listed, shown, copied and removed', async () => {
    expect((await run('cp hearth-demo other:1')).out).toBe("copied 'hearth-demo' to 'other:1'\n")
    const { out } = await run('ls OTHER')
    expect(out).toMatch(/^NAME {7}ID {14}SIZE {6}MODIFIED\nother:1 {4}[0-9a-f]{12} {4}3\.0 MB {4}.+ ago\n$/)
    expect((await run('rm other:1')).out).toBe("deleted 'other:1'\n")
    expect((await run('list other')).out).toBe('NAME    ID    SIZE    MODIFIED\n')
    const shown = await run('show hearth-demo')
    expect(shown.out).toMatch(/^ {2}Model\n {4}architecture {8}llama\n {4}parameters {10}2\.73M\n/)
    expect(shown.out).toContain('  License\n    MIT License\n')
    expect((await run('show -v hearth-demo')).out).toMatch(/^ {4}token_embd\.weight +Q8_0 +\[192 1344\]$/m)
  })

  test('answer to words, to what is piped in, and to both', async () => {
    const asked = await run('run hearth-demo --think=false What is the capital of France?')
    expect(asked).toEqual({ code: 0, out: 'The capital of France is Paris.\n', errors: '' })
    const piped = await run('run hearth-demo --think=false', 'What is the capital of France?')
    expect(piped.out).toBe('The capital of France is Paris.\n')
    const both = await run('run hearth-demo --think=false of France?', 'What is the capital')
    expect(both.out).toBe('The capital of France is Paris.\n')
  })

  test('show their thinking or not, tell what it took, and answer in JSON', async () => {
    expect((await run('run hearth-demo --think Hello')).out).toMatch(
      /^Thinking\.\.\.\n[\s\S]+\n\.\.\.done thinking\.\n\nHello/,
    )
    const hidden = await run('run hearth-demo --think --hidethinking --verbose Hello')
    expect(hidden.out).toMatch(/^Hello/)
    expect(hidden.errors).toMatch(/^total duration: {7}[\d.]+m?s\n[\s\S]*^eval rate: {12}[\d.]+ tokens\/s\n$/m)
    const schema = '{"type":"object","properties":{"city":{"enum":["Paris"]}},"required":["city"]}'
    const { out } = await hearth(['run', 'hearth-demo', '--think=false', '--format', schema, 'Where?'], env)
    expect(JSON.parse(out)).toEqual({ city: 'Paris' })
  })

  test('stay in memory as long as they are told to, and leave it by stop', async () => {
    await run('run hearth-demo --keepalive 2h Hello')
    expect((await run('ps')).out).toMatch(
      /^hearth-demo:latest +[0-9a-f]{12} +\d+ MB +100% CPU +2048 +2 hours from now$/m,
    )
    expect(await run('stop hearth-demo')).toEqual({ code: 0, out: '', errors: '' })
    await expect.poll(async () => (await run('ps')).out).toBe('NAME    ID    SIZE    PROCESSOR    CONTEXT    UNTIL\n')
  })

  test('for embeddings answer with a vector', async () => {
    modelfile(`FROM ${join(fixtures, 'tiny-embed.gguf')}`, 'embed')
    await run('create embed -f embed')
    expect(JSON.parse((await run('run embed hello')).out)).toHaveLength(128)
    expect(JSON.parse((await run('run embed --dimensions 8 hello')).out)).toHaveLength(8)
  })
})

describe('hearth create', () => {
  test('makes a model of a Modelfile, which show prints so that it makes the same again', async () => {
    cpSync(join(fixtures, 'tiny-chat-q8_0.gguf'), join(folder, 'base.gguf'))
    cpSync(join(fixtures, 'tiny-pirate-lora.gguf'), join(folder, 'pirate.gguf'))
    modelfile(`# a pirate
FROM ./base.gguf
ADAPTER pirate.gguf
SYSTEM """You are
"a pirate"."""
PARAMETER temperature 0
PARAMETER mirostat 1
PARAMETER stop "<end>"
MESSAGE user Hi
MESSAGE assistant Arr
LICENSE MIT
`)
    const made = await run('create pirate -f Modelfile')
    expect(made).toMatchObject({ code: 0, out: '' })
    expect(made.errors).toMatch(/^Warning: nothing reads the parameter mirostat any more/)
    expect(made.errors).toMatch(/^reading base\.gguf: 100% 3\.0 MB$/m)
    expect(made.errors).toMatch(/^writing manifest\nsuccess\n$/m)
    expect((await run('run pirate Who are you?')).out).toContain('Arr')

    const printed = await run('show --modelfile pirate')
    modelfile(printed.out, 'again')
    await run('create again -f again')
    const again = await run('show --modelfile again')
    expect(again.out.replaceAll('again:latest', 'pirate:latest')).toBe(printed.out)
  })

  test('sends only what the server lacks', async () => {
    modelfile(`FROM hearth-demo\nADAPTER ${join(fixtures, 'tiny-pirate-lora.gguf')}\nSYSTEM new`, 'adapted')
    const digest = createHash('sha256')
      .update(readFileSync(join(fixtures, 'tiny-pirate-lora.gguf')))
      .digest('hex')
    await run('rm pirate again')
    expect((await run('create adapted -f adapted')).errors).toContain('copying tiny-pirate-lora.gguf: 100%')
    expect((await fetch(`${server.url}/api/blobs/sha256:${digest}`, { method: 'HEAD' })).status).toBe(200)
    expect((await run('create adapted -f adapted')).errors).not.toContain('copying')
  })

  test('reads the Modelfile from a pipe, and takes what lies in the folder where there is none', async () => {
    expect((await run('create piped -f -', 'FROM hearth-demo\nSYSTEM Be brief.')).code).toBe(0)
    expect((await run('show --system piped')).out).toBe('Be brief.')
    const empty = join(folder, 'weights')
    mkdirSync(empty)
    cpSync(join(fixtures, 'tiny-chat-q8_0.gguf'), join(empty, 'model.gguf'))
    const made = await hearthProcess(['create', 'folder'], env, '', empty)
    expect(made.errors).toMatch(/success\n$/)
  })

  // The flag reaches the server, and every file of the folder.
  test('converts a folder of safetensors, quantises it, and the model answers', async () => {
    modelfile(`FROM ${join(fixtures, 'tiny-chat-hf')}\nPARAMETER temperature 0`, 'safetensors')
    const made = await run('create converted -q q8_0 -f safetensors')
    expect(made).toMatchObject({ code: 0, out: '' })
    expect(made.errors).toMatch(/^quantizing F16 model to Q8_0/m)
    expect((await run('show converted')).out).toMatch(/^ {4}quantization +Q8_0 *$/m)
    const asked = await run('run converted --think=false What is the capital of France?')
    expect(asked).toEqual({ code: 0, out: 'The capital of France is Paris.\n', errors: '' })
  })

  // Gigabytes were sent, and then refused.
  test('brings all parts of a split GGUF by one of them, or says which is missing', async () => {
    const name = (part: number) => `big-0000${part}-of-00003.gguf`
    for (const [index, part] of (await splitFixture('tiny-chat-q8_0.gguf', 3)).entries()) {
      writeFileSync(join(folder, name(index + 1)), part)
    }
    modelfile(`FROM ./${name(2)}\nFROM ./${name(3)}`, 'split')
    const made = await run('create split -f split')
    expect(made.errors).toMatch(/success\n$/)
    expect((await run('show split')).out).toMatch(/^ {2}Model\n {4}architecture {8}llama\n {4}parameters {10}2\.73M\n/)
    rmSync(join(folder, name(1)))
    const { code, errors } = await run('create again -f split')
    expect(code).toBe(1)
    expect(errors).toContain(`Error: ${name(2)} is one of 3 parts, of which 1 is missing\n`)
  })

  test('makes a model that sees, which is shown pictures by their paths', async () => {
    for (const file of ['tiny-chat-q8_0.gguf', 'mmproj-tiny.gguf']) cpSync(join(fixtures, file), join(folder, file))
    modelfile('FROM ./tiny-chat-q8_0.gguf\nFROM ./mmproj-tiny.gguf\nPARAMETER temperature 0', 'sees')
    expect((await run('create sees -f sees')).errors).toMatch(/success\n$/)
    const path = join(folder, 'a circle.png')
    writeFileSync(path, draw([redCircle]))
    const prompt = `What is in this picture? ${path.replace(' ', '\\ ')}`
    const seen = await hearth(['run', 'sees', '--think=false', prompt], env)
    expect(seen).toMatchObject({ code: 0, errors: `Added image '${path}'\n` })
    expect(seen.out).toContain('red circle')
  })

  test.each([
    [
      'FROM a\r\nFOO b',
      '(line 3): command must be one of "from", "license", "template", "system", "adapter", "draft", "renderer", "parser", "parameter", "message", or "requires"',
    ],
    ['SYSTEM x', 'no FROM line'],
    ['FROM a\nPARAMETER frobs 1', "unknown parameter 'frobs'"],
    ['FROM a\nPARAMETER num_ctx many', 'invalid int value [many]'],
  ])('%j fails with one line', async (text, message) => {
    expect(await run('create x -f -', text)).toEqual(failed(message))
  })

  // Gigabytes were read and sent, and then the name was refused.
  test('refuses what cannot be the name of a model before it reads a file', async () => {
    expect(await run('create 模型 -f -', 'FROM ./nope.gguf')).toEqual(failed('invalid model name'))
  })

  test('says that a folder is no Modelfile', async () => {
    expect(await hearth(['create', 'x', '-f', folder], env)).toEqual(failed(`read ${folder}: is a directory`))
  })

  test('names the file that is missing', async () => {
    const { code, errors } = await run('create x -f -', 'FROM ./nope.gguf')
    expect(code).toBe(1)
    expect(errors).toMatch(/^Error: open \S+\/nope\.gguf: no such file or directory$/m)
  })

  test('tells what the server refuses', async () => {
    modelfile('FROM ./text.gguf', 'text')
    writeFileSync(join(folder, 'text.gguf'), 'this is no GGUF')
    expect((await run('create x -f text')).errors).toMatch(/^Error: 400 Bad Request: /m)
  })
})
