import { describe, expect, it } from 'vitest'
import {
  formatModelfile,
  type ModelfileCommand,
  ModelfileError,
  parseModelfile,
} from '../../../main/library/modelfile.ts'
import { cpuTime } from '../../cpu-time.ts'
import { fc } from '../../properties.ts'

const commands = (text: string) => parseModelfile(text).map(({ name, args }) => [name, args])
const invalid =
  'command must be one of "from", "license", "template", "system", "adapter", "draft", "renderer", "parser", "parameter", "message", or "requires"'

describe('parseModelfile', () => {
  it.each<[string, string, [string, string][]]>([
    ['a name', 'FROM llama3', [['model', 'llama3']]],
    ['the mark of a file, then a comment', '\uFEFF# From a file\nFROM llama3', [['model', 'llama3']]],
    ['any case and spaces', '  \n\t from \t ./m.gguf  \n', [['model', './m.gguf']]],
    [
      'every instruction',
      'FROM a\nADAPTER b\nTEMPLATE c\nSYSTEM d\nLICENSE e\nDRAFT f\nRENDERER g\nPARSER h\nREQUIRES 0.1.0\nPARAMETER stop i\nMESSAGE user j k',
      [
        ['model', 'a'],
        ['adapter', 'b'],
        ['template', 'c'],
        ['system', 'd'],
        ['license', 'e'],
        ['draft', 'f'],
        ['renderer', 'g'],
        ['parser', 'h'],
        ['requires', '0.1.0'],
        ['stop', 'i'],
        ['message', 'user: j k'],
      ],
    ],
    ['a comment only where a statement starts', '# FROM x\nFROM a # b\n  # c', [['model', 'a # b']]],
    [
      'quotes over lines',
      'FROM a\nSYSTEM """\nYou\n "are" \n"""\n',
      [
        ['model', 'a'],
        ['system', '\nYou\n "are" \n'],
      ],
    ],
    [
      'a single quote over lines',
      'FROM a\nSYSTEM "x\ny"',
      [
        ['model', 'a'],
        ['system', 'x\ny'],
      ],
    ],
    [
      'quotes inside as text',
      'FROM a\nSYSTEM say "hi" now',
      [
        ['model', 'a'],
        ['system', 'say "hi" now'],
      ],
    ],
    [
      'single quotes as text',
      "FROM a\nSYSTEM 'x'",
      [
        ['model', 'a'],
        ['system', "'x'"],
      ],
    ],
    [
      'no escapes',
      'FROM a\nPARAMETER stop "\\n"',
      [
        ['model', 'a'],
        ['stop', '\\n'],
      ],
    ],
    [
      'six quotes as nothing',
      'FROM a\nSYSTEM """"""',
      [
        ['model', 'a'],
        ['system', ''],
      ],
    ],
    [
      'two quotes as nothing',
      'FROM a\nSYSTEM ""',
      [
        ['model', 'a'],
        ['system', ''],
      ],
    ],
    [
      'an empty value',
      'FROM a\nSYSTEM \nLICENSE x',
      [
        ['model', 'a'],
        ['system', ''],
        ['license', 'x'],
      ],
    ],
    [
      'spaces kept inside quotes',
      'FROM a\nSYSTEM "  x\t "',
      [
        ['model', 'a'],
        ['system', '  x\t '],
      ],
    ],
    // Text after a closing quote keeps the value open: the quote is then one of many.
    [
      'a quote closed at a later line',
      'FROM a\nSYSTEM "x" y\nz"',
      [
        ['model', 'a'],
        ['system', 'x" y\nz'],
      ],
    ],
    [
      'CRLF',
      'FROM a\r\nSYSTEM """x\r\ny"""\r\n',
      [
        ['model', 'a'],
        ['system', 'x\r\ny'],
      ],
    ],
    [
      'a byte order mark inside',
      'FROM a\nSYSTEM x\ufeffy\u200dz\u0007',
      [
        ['model', 'a'],
        ['system', 'xyz'],
      ],
    ],
    [
      'Chinese',
      'FROM a\nSYSTEM 你是一个助手。😀',
      [
        ['model', 'a'],
        ['system', '你是一个助手。😀'],
      ],
    ],
    [
      'FROM twice',
      'FROM a\nFROM b',
      [
        ['model', 'a'],
        ['model', 'b'],
      ],
    ],
    [
      'roles',
      'FROM a\nMESSAGE system s\nMESSAGE assistant """t\nu"""',
      [
        ['model', 'a'],
        ['message', 'system: s'],
        ['message', 'assistant: t\nu'],
      ],
    ],
  ])('reads %s', (_, text, expected) => expect(commands(text)).toEqual(expected))

  it.each<[string, string]>([
    ['', 'no FROM line'],
    ['# only a comment', 'no FROM line'],
    ['SYSTEM x', 'no FROM line'],
    ['FROM', 'unexpected EOF'],
    ['FROM\n', `(line 2): ${invalid}`],
    ['FROM a\nPARAMETER', 'unexpected EOF'],
    ['FROM a\nPARAMETER stop', 'unexpected EOF'],
    ['FROM a\nPARAMETER num-ctx 1', 'unexpected EOF: num'],
    ['FROM a\nPARAMETER stop\n', 'unexpected EOF: stop'],
    ['FROM a\nMESSAGE', 'unexpected EOF'],
    ['FROM a\nMESSAGE user', 'unexpected EOF'],
    ['FROM a\nMESSAGE user1 x', 'unexpected EOF: user'],
    ['FROM a\n\nMESSAGE bot x', '(line 3): message role must be one of "system", "user", or "assistant"'],
    ['FROM a\nMESSAGE  user x', '(line 2): message role must be one of "system", "user", or "assistant"'],
    ['FROM a\nMESSAGE USER x', '(line 2): message role must be one of "system", "user", or "assistant"'],
    ['FROM a\nFOO b', `(line 2): ${invalid}`],
    ['FROM a\r\nFOO b', `(line 3): ${invalid}`],
    ['FROM a\nFOO\nSYSTEM x', `(line 3): ${invalid}`],
    ['FROM: a', `(line 1): ${invalid}`],
    ['1FROM a', `(line 1): ${invalid}`],
    ['FROM a\nSYSTEM """x', 'unexpected EOF'],
    ['FROM a\nSYSTEM """', 'unexpected EOF'],
    ['FROM a\nSYSTEM """""', 'unexpected EOF'],
    ['FROM a\nSYSTEM "', 'unexpected EOF'],
    ['FROM a\nSYSTEM "x', 'unexpected EOF'],
    ['FROM a\nSYSTEM "x" y', 'unexpected EOF'],
  ])('refuses %j', (text, message) => {
    const parse = () => parseModelfile(text)
    expect(parse).toThrow(ModelfileError)
    expect(parse).toThrow(expect.objectContaining({ message }))
  })

  it.each(['utf-8', 'utf-8 with mark', 'utf-16le', 'utf-16be'])('reads bytes in %s', encoding => {
    const text = 'FROM a\nSYSTEM 你好\n'
    const little = Buffer.from(`\ufeff${text}`, 'utf16le')
    const bytes = {
      'utf-8': Buffer.from(text),
      'utf-8 with mark': Buffer.from(`\ufeff${text}`),
      'utf-16le': little,
      'utf-16be': Buffer.from(little).swap16(),
    }[encoding]!
    expect(parseModelfile(bytes).map(({ args }) => args)).toEqual(['a', '你好'])
  })

  // A licence asks "is the quote closed?" at each of its newlines; looking back over all of it each time takes minutes.
  it('reads a quoted text of two hundred thousand lines in time linear in its length', () => {
    const text = `FROM a\nLICENSE """${'x\n'.repeat(200_000)}"""`
    const started = cpuTime()
    expect(parseModelfile(text)[1]!.args).toHaveLength(400_000)
    expect(cpuTime() - started).toBeLessThan(9_000)
  })

  it('never fails but with a ModelfileError', () => {
    const noise = fc.array(
      fc.constantFrom(
        'FROM',
        'SYSTEM',
        'PARAMETER',
        'MESSAGE',
        'user',
        'stop',
        ' ',
        '\n',
        '\r',
        '"',
        '"""',
        '#',
        'x',
        '\0',
        '你',
      ),
      { maxLength: 40 },
    )
    fc.assert(
      fc.property(noise, parts => {
        try {
          parseModelfile(parts.join(''))
        } catch (error) {
          expect(error).toBeInstanceOf(ModelfileError)
        }
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('formatModelfile', () => {
  it.each<[string, ModelfileCommand, string]>([
    ['a path', { name: 'model', args: '/x y' }, 'FROM /x y'],
    ['plain text', { name: 'system', args: 'a "b" c' }, 'SYSTEM a "b" c'],
    ['lines', { name: 'system', args: 'a\nb' }, 'SYSTEM "a\nb"'],
    ['lines with quotes', { name: 'template', args: 'a\n"b"' }, 'TEMPLATE """a\n"b""""'],
    ['a leading space', { name: 'stop', args: ' x' }, 'PARAMETER stop " x"'],
    ['a trailing space', { name: 'stop', args: 'x ' }, 'PARAMETER stop "x "'],
    ['a message', { name: 'message', args: 'user: hi: you' }, 'MESSAGE user hi: you'],
    // Upstream prints these so that they read back as something else, or not at all.
    ['a quoted value', { name: 'stop', args: '"x"' }, 'PARAMETER stop """"x""""'],
    ['a tab at an end', { name: 'stop', args: '\tx' }, 'PARAMETER stop """\tx"""'],
    ['a line that ends with a quote', { name: 'system', args: 'a"\nb' }, 'SYSTEM """a"\nb"""'],
    ['what no quotes can hold, as upstream', { name: 'system', args: 'say """\nx' }, 'SYSTEM """say """\nx"""'],
  ])('prints %s', (_, command, text) => expect(formatModelfile([command])).toBe(`${text}\n`))

  it('prints what reads back as it was', () => {
    const letters = fc.constantFrom(
      'a',
      'é',
      '你',
      '😀',
      ' ',
      '\t',
      '\n',
      '"',
      "'",
      '#',
      ':',
      '\\',
      '{{',
      '}}',
      'FROM ',
    )
    const value = fc.array(letters, { maxLength: 12 }).map(parts => parts.join(''))
    const plain = fc.constantFrom(
      'license',
      'template',
      'system',
      'adapter',
      'draft',
      'renderer',
      'parser',
      'stop',
      'num_ctx',
    )
    const command = fc.oneof(
      fc.record({ name: plain, args: value }),
      fc
        .record({ role: fc.constantFrom('system', 'user', 'assistant'), text: value })
        .map(({ role, text }) => ({ name: 'message', args: `${role}: ${text}` })),
    )
    // There are no escapes: a text with lines that end in both kinds of quotes cannot be written at all.
    const reads = (form: string, args: string) => {
      try {
        return parseModelfile(`FROM ${form}`)[0]?.args === args
      } catch {
        return false
      }
    }
    const holdable = ({ args }: ModelfileCommand) => {
      const text = args.replace(/^(system|user|assistant): /, '')
      return [text, `"${text}"`, `"""${text}"""`].some(form => reads(form, text))
    }
    fc.assert(
      fc.property(fc.array(command.filter(holdable), { maxLength: 5 }), list => {
        const all = [{ name: 'model', args: 'base:latest' }, ...list]
        expect(parseModelfile(formatModelfile(all))).toEqual(all)
      }),
      { numRuns: 2_000 },
    )
  })
})
