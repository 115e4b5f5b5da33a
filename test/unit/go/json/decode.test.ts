import { describe, expect, test } from 'vitest'
import {
  any,
  anyMap,
  apart,
  bool,
  bytes,
  converted,
  decodeGoJson,
  float64,
  int,
  nested,
  orderedMap,
  pointer,
  raw,
  slice,
  string,
  stringMap,
  struct,
} from '../../../../main/go/json/types.ts'
import { Problem } from '../../../../main/problem.ts'
import { cpuTime } from '../../../cpu-time.ts'

const call = struct('ToolCallFunction', { name: string, index: int, arguments: orderedMap(any) })
const message = nested(
  struct('Alias', {
    role: string,
    content: string,
    images: slice(bytes('api.ImageData')),
    tool_calls: slice(struct('ToolCall', { function: call })),
  }),
)
const request = struct('ChatRequest', {
  model: string,
  messages: slice(message, '[]api.Message'),
  options: anyMap,
  files: stringMap,
  format: any,
  context: slice(int),
  stream: pointer(bool),
  raw: bool,
  picky: converted('unset', value => {
    if (value === 'bad') throw new Problem('invalid-request', 400, 'picky refuses')
    return String(value)
  }),
})
const read = (text: string | Buffer) => decodeGoJson(request, Buffer.from(text))

describe('texts that are not JSON are refused in the words of encoding/json', () => {
  test.each([
    ['x', "invalid character 'x' looking for beginning of value"],
    ['<html>', "invalid character '<' looking for beginning of value"],
    ['{"model":', 'unexpected EOF'],
    ['{', 'unexpected EOF'],
    ['"abc', 'unexpected EOF'],
    ['"ab\\', 'unexpected EOF'],
    ['"ab\\u00', 'unexpected EOF'],
    ['-', 'unexpected EOF'],
    ['[1', 'unexpected EOF'],
    ['1.', 'unexpected EOF'],
    ['1e', 'unexpected EOF'],
    ['tru', 'unexpected EOF'],
    ['{"model" "a"}', `invalid character '"' after object key`],
    ['{"model":"a" "b"}', `invalid character '"' after object key:value pair`],
    ['{"model":"a",}', "invalid character '}' looking for beginning of object key string"],
    ['{model:"a"}', "invalid character 'm' looking for beginning of object key string"],
    ["{'model':1}", "invalid character '\\'' looking for beginning of object key string"],
    ['{"a":}', "invalid character '}' looking for beginning of value"],
    ['[1 2]', "invalid character '2' after array element"],
    ['[1}', "invalid character '}' after array element"],
    ['[01]', "invalid character '1' after array element"],
    ['[1,]', "invalid character ']' looking for beginning of value"],
    ['-x', "invalid character 'x' in numeric literal"],
    ['[1.x]', "invalid character 'x' after decimal point in numeric literal"],
    ['[1ex]', "invalid character 'x' in exponent of numeric literal"],
    ['[1e+x]', "invalid character 'x' in exponent of numeric literal"],
    ['[.5]', "invalid character '.' looking for beginning of value"],
    ['[+5]', "invalid character '+' looking for beginning of value"],
    ['NaN', "invalid character 'N' looking for beginning of value"],
    ['nil', "invalid character 'i' in literal null (expecting 'u')"],
    ['trUe', "invalid character 'U' in literal true (expecting 'u')"],
    ['falsy', "invalid character 'y' in literal false (expecting 'e')"],
    ['"a\tb"', "invalid character '\\t' in string literal"],
    ['"a\nb"', "invalid character '\\n' in string literal"],
    ['"\u0001"', "invalid character '\\x01' in string literal"],
    ['"\\x"', "invalid character 'x' in string escape code"],
    ['"\\u12g4"', "invalid character 'g' in \\u hexadecimal character escape"],
    ['\ufeff{}', "invalid character 'ï' looking for beginning of value"],
    ['\0', "invalid character '\\x00' looking for beginning of value"],
    [Buffer.from([0x80]), "invalid character '\\u0080' looking for beginning of value"],
    [Buffer.from([0x7f]), "invalid character '\\x7f' looking for beginning of value"],
    ['\\', "invalid character '\\\\' looking for beginning of value"],
    ['/* c */ {}', "invalid character '/' looking for beginning of value"],
  ])('%j', (text, message) => {
    expect(() => read(text)).toThrow(expect.objectContaining({ message, status: 400 }))
  })

  test('nesting ends at Go’s ten thousand, without exhausting the stack before or after', () => {
    const nest = (depth: number) => `{"format":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`
    expect(read(nest(10_000))?.format).toBeInstanceOf(Array)
    expect(() => read(nest(10_001))).toThrow("invalid character '[' exceeded max depth")
    expect(() => read('['.repeat(5_000_000))).toThrow("invalid character '[' exceeded max depth")
  })

  test('a body of millions of tiny values is refused before it fills the memory', () => {
    expect(() => read(`[${'[],'.repeat(2_000_001)}[]]`)).toThrow('request body holds more than 2000000 values')
  })
})

describe('values of another type are refused with the field’s path and Go’s type', () => {
  test.each([
    ['[]', 'json: cannot unmarshal array into Go value of type api.ChatRequest'],
    ['"a"', 'json: cannot unmarshal string into Go value of type api.ChatRequest'],
    ['12', 'json: cannot unmarshal number into Go value of type api.ChatRequest'],
    ['12x', 'json: cannot unmarshal number into Go value of type api.ChatRequest'],
    ['true', 'json: cannot unmarshal bool into Go value of type api.ChatRequest'],
    ['truex', 'json: cannot unmarshal bool into Go value of type api.ChatRequest'],
    ['{"model":1}', 'json: cannot unmarshal number into Go struct field ChatRequest.model of type string'],
    ['{"MODEL":1}', 'json: cannot unmarshal number into Go struct field ChatRequest.model of type string'],
    [
      '{"options":"x"}',
      'json: cannot unmarshal string into Go struct field ChatRequest.options of type map[string]interface {}',
    ],
    ['{"files":{"a":1}}', 'json: cannot unmarshal number into Go struct field ChatRequest.files of type string'],
    ['{"files":[]}', 'json: cannot unmarshal array into Go struct field ChatRequest.files of type map[string]string'],
    ['{"stream":"no"}', 'json: cannot unmarshal string into Go struct field ChatRequest.stream of type bool'],
    ['{"raw":{}}', 'json: cannot unmarshal object into Go struct field ChatRequest.raw of type bool'],
    [
      '{"messages":{}}',
      'json: cannot unmarshal object into Go struct field ChatRequest.messages of type []api.Message',
    ],
    ['{"messages":[1]}', 'json: cannot unmarshal number into Go struct field ChatRequest.messages of type api.Alias'],
    [
      '{"messages":[{"content":[]}]}',
      'json: cannot unmarshal array into Go struct field ChatRequest.messages.content of type string',
    ],
    [
      '{"messages":[{"tool_calls":[{"function":{"name":7}}]}]}',
      'json: cannot unmarshal number into Go struct field ChatRequest.messages.tool_calls.function.name of type string',
    ],
    [
      '{"messages":[{"images":"abc"}]}',
      'json: cannot unmarshal string into Go struct field ChatRequest.messages.images of type []api.ImageData',
    ],
    [
      '{"messages":[{"images":[7]}]}',
      'json: cannot unmarshal number into Go struct field ChatRequest.messages.images of type api.ImageData',
    ],
    ['{"context":[1.0]}', 'json: cannot unmarshal number 1.0 into Go struct field ChatRequest.context of type int'],
    ['{"context":[1e3]}', 'json: cannot unmarshal number 1e3 into Go struct field ChatRequest.context of type int'],
    [
      '{"context":[9223372036854775808]}',
      'json: cannot unmarshal number 9223372036854775808 into Go struct field ChatRequest.context of type int',
    ],
    [
      '{"options":{"a":[1e400]}}',
      'json: cannot unmarshal number 1e400 into Go struct field ChatRequest.options of type float64',
    ],
    ['{"messages":[{"images":["data:image/png;base64,AAAA"]}]}', 'illegal base64 data at input byte 4'],
    [
      '{"messages":[{"tool_calls":[{"function":{"arguments":"{}"}}]}]}',
      "Value looks like object, but can't find closing '}' symbol",
    ],
    ['{"picky":"bad"}', 'picky refuses'],
  ])('%s', (text, message) => {
    expect(() => read(text)).toThrow(expect.objectContaining({ message, status: 400 }))
  })

  test('the first misfit is told, but a type’s own refusal ends the reading and is told instead', () => {
    expect(() => read('{"model":1,"raw":2}')).toThrow('ChatRequest.model')
    expect(() => read('{"model":1,"picky":"bad"}')).toThrow('picky refuses')
    expect(() => read('{"model":1,"messages":[{"content":2}]}')).toThrow('ChatRequest.messages.content')
  })

  test('a syntax error anywhere wins over a misfit before it', () => {
    expect(() => read('{"model":1,"raw":tru}')).toThrow("invalid character '}' in literal true (expecting 'e')")
  })

  test('a whole number of 64 bits passes, and a long one is not computed with', () => {
    expect(read('{"context":[-9223372036854775808,-0]}')?.context).toEqual([-(2 ** 63), -0])
    const started = cpuTime()
    expect(() => read(`{"context":[${'9'.repeat(3_000_000)}]}`)).toThrow('cannot unmarshal number 999')
    expect(cpuTime() - started).toBeLessThan(6_000)
  })
})

describe('Go’s leniency', () => {
  test.each(['', ' ', '\n\t\r '])('nothing but white space %j is no value at all', text => {
    expect(read(text)).toBeUndefined()
  })

  test('null is all defaults, as a body and as any field', () => {
    const empty = read('{}')
    expect(empty).toMatchObject({ model: '', raw: false })
    expect(read('null')).toEqual(empty)
    expect(read('{"model":null,"messages":null,"options":null,"stream":null,"raw":null,"context":null}')).toEqual(empty)
  })

  test('only the first value is read, whatever follows', () => {
    expect(read('{"model":"a"}{"model":"b"}')?.model).toBe('a')
    expect(read('{"model":"a"} trailing garbage \0')?.model).toBe('a')
  })

  test('unknown fields are skipped, however they look', () => {
    const text = '{"n":-1.5e3,"s":"a\\"]}","o":{"a":[1,{"b":"}"}],"t":true},"e":[],"z":{},"model":"a","x":null}'
    expect(read(text)?.model).toBe('a')
  })

  test('keys match in any case, the exact one no less than the others', () => {
    expect(read('{"Model":"a"}')?.model).toBe('a')
    expect(read('{"MESSAGEſ":[{"ROLE":"user"}]}')?.messages).toMatchObject([{ role: 'user' }])
  })

  test('the last of several keys wins; null after a value changes only what can be nil', () => {
    expect(read('{"model":"a","MODEL":"b"}')?.model).toBe('b')
    expect(read('{"model":"a","model":null}')?.model).toBe('a')
    expect(read('{"stream":true,"stream":null}')?.stream).toBeUndefined()
    expect(read('{"context":[1],"context":null}')?.context).toBeUndefined()
    expect(read('{"options":{"a":1,"b":1},"options":{"b":2}}')?.options).toEqual({ a: 1, b: 2 })
  })

  test('false and absent are told apart where it matters', () => {
    expect(read('{"stream":false}')?.stream).toBe(false)
    expect(read('{}')?.stream).toBeUndefined()
  })

  test('names of Object’s prototype are ordinary keys', () => {
    const value = read('{"__proto__":1,"constructor":2,"hasOwnProperty":3,"files":{"__proto__":"x"}}')
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
    expect(Object.entries(value!.files!)).toEqual([['__proto__', 'x']])
  })

  test('the order of argument keys is the text’s', () => {
    const text = '{"messages":[{"tool_calls":[{"function":{"arguments":{"z":1,"a":{"y":1,"b":2},"m":null}}}]}]}'
    const args = read(text)!.messages![0]!.tool_calls![0]!.function.arguments
    expect(JSON.stringify(args)).toBe('{"z":1,"a":{"y":1,"b":2}}')
    expect(Object.keys(args)).toEqual(['z', 'a', 'm'])
  })

  test('strings: escapes, surrogates, half surrogates and broken UTF-8', () => {
    expect(read('{"model":"a\\u00e9\\n\\/\\ud83d\\ude00"}')?.model).toBe('aé\n/😀')
    expect(read('{"model":"\\ud800x"}')?.model).toBe('\ufffdx')
    expect(read(Buffer.concat([Buffer.from('{"model":"a'), Buffer.from([0xff]), Buffer.from('"}')]))?.model).toBe(
      'a\ufffd',
    )
    expect(read('{"a":"\\\\","model":"\\\\\\"b\\\\"}')?.model).toBe('\\"b\\')
  })

  test('bytes come as base64 or as numbers', () => {
    const images = (text: string) => read(`{"messages":[{"images":[${text}]}]}`)!.messages![0]!.images!
    expect(Buffer.from(images('"aGVs\\nbG8="')[0]!).toString()).toBe('hello')
    expect([...images('[104,105]')[0]!]).toEqual([104, 105])
    expect(() => images('[256]')).toThrow('cannot unmarshal number 256 into Go struct field')
  })
})

describe('types of other packages', () => {
  const block = struct('ContentBlock', { text: string }, 'anthropic.ContentBlock')
  const other = struct(
    'MessagesRequest',
    {
      messages: slice(nested(struct('', { role: string, content: apart(slice(block)) }, 'anthropic.MessageParam'))),
      temperature: pointer(float64),
      schema: raw,
    },
    'anthropic.MessagesRequest',
  )
  const readOther = (text: string) => decodeGoJson(other, Buffer.from(text))

  test.each([
    ['5', 'json: cannot unmarshal number into Go value of type anthropic.MessagesRequest'],
    [
      '{"messages":5}',
      'json: cannot unmarshal number into Go struct field MessagesRequest.messages of type []anthropic.MessageParam',
    ],
    // A struct without a name adds its field to the way there, …
    [
      '{"messages":[{"role":5}]}',
      'json: cannot unmarshal number into Go struct field MessagesRequest.messages.role of type string',
    ],
    // … what is read apart does not.
    [
      '{"messages":[{"content":[{"text":5}]}]}',
      'json: cannot unmarshal number into Go struct field MessagesRequest.messages.text of type string',
    ],
    [
      '{"temperature":"hot"}',
      'json: cannot unmarshal string into Go struct field MessagesRequest.temperature of type float64',
    ],
    [
      '{"temperature":1e999}',
      'json: cannot unmarshal number 1e999 into Go struct field MessagesRequest.temperature of type float64',
    ],
  ])('%s', (text, error) => {
    expect(() => readOther(text)).toThrow(error)
  })

  test('a struct without a name alone', () => {
    expect(() => decodeGoJson(struct('', { type: string }), Buffer.from('{"type":1}'))).toThrow(
      'json: cannot unmarshal number into Go struct field .type of type string',
    )
  })

  test('a value kept as its text, null too', () => {
    expect(readOther('{"schema": {"b": 1, "a": [2]} }')?.schema).toBe('{"b": 1, "a": [2]}')
    expect(readOther('{"schema":null}')?.schema).toBe('null')
    expect(readOther('{}')?.schema).toBeUndefined()
    expect(readOther('{"temperature":0.25}')?.temperature).toBe(0.25)
  })
})
