/** JSON text as it stands, where the spelling matters. */
export class Text {
  constructor(readonly json: string) {}
}

export interface Case {
  readonly name: string
  readonly schema: unknown
  /** Values, or texts, an answer may be. */
  readonly accepts: readonly unknown[]
  readonly refuses: readonly unknown[]
}

const text = (json: string): Text => new Text(json)
const of = (name: string, schema: unknown, accepts: unknown[], refuses: unknown[]): Case => ({
  name,
  schema,
  accepts,
  refuses,
})
const object = (properties: object, required: string[] = [], more: object = {}): object => ({
  type: 'object',
  properties,
  required,
  ...more,
})
const string = { type: 'string' }
const integer = { type: 'integer' }
const pattern = (pattern: string): object => ({ type: 'string', pattern })
const format = (format: string): object => ({ type: 'string', format })

const types = [
  of('string', string, ['', 'a', 'ä 你好 😀', '"\\/\b\f\n\r\t'], [1, null, text('"a'), text('"\n"'), text('"\\x41"')]),
  of(
    'string escapes',
    string,
    [text('"\\u00e9\\ud83d\\ude00\\/"'), text('"\\uD7FF"')],
    [text('"\\ud83d"'), text('"\\ude00"'), text('"\\u12"')],
  ),
  of(
    'integer',
    integer,
    [0, -1, 12345, 1e15],
    [1.5, text('01'), text('1e3'), '1', text('+1'), text('-0'), text('1.0')],
  ),
  of(
    'number',
    { type: 'number' },
    [0, -1.5, text('1e10'), text('-0.25E-3'), 42],
    [text('.5'), text('1.'), text('01'), text('1e400'), text('NaN'), '1'],
  ),
  of('boolean', { type: 'boolean' }, [true, false], [0, 'true', null, text('True')]),
  of('null', { type: 'null' }, [null], [0, '', text('nil')]),
  of('object', { type: 'object' }, [{}, { a: 1, b: { c: [null] } }], [[], 'a', text('{"a"}'), text('{"a":1,}')]),
  of('array', { type: 'array' }, [[], [1, 'a', [{}]]], [{}, text('[1,]'), text('[,1]')]),
  of('nullable by a list of types', { type: ['string', 'null'] }, ['a', null], [1, {}]),
  of(
    'a list of types with their own limits',
    { type: ['string', 'integer'], minLength: 2, minimum: 5 },
    ['ab', 5],
    ['a', 4, null],
  ),
  of('number and integer together', { type: ['integer', 'number'] }, [1, 1.5], ['1']),
  of("OpenAPI's nullable", { type: 'string', nullable: true }, ['a', null], [1]),
  of('the empty schema', {}, [1, 'a', null, [], {}, true], [text('a'), text('')]),
  of('true', { type: 'array', items: true }, [[1, 'a']], [1]),
  of(
    'annotations alone',
    { title: 't', description: 'd', default: 1, examples: [2], $comment: 'c', 'x-order': 1 },
    [1, 'a'],
    [text('x')],
  ),
]

const values = [
  of(
    'enum of strings',
    { enum: ['red', 'green', 'grey'] },
    ['red', 'green', 'grey'],
    ['gre', 'blue', '', 'redd', text('red')],
  ),
  of(
    'enum of kinds',
    { enum: ['a', 1, null, true, [1, 'x'], { k: 2 }] },
    ['a', 1, null, true, [1, 'x'], { k: 2 }],
    ['b', 2, false, [1], { k: 3 }],
  ),
  of(
    'enum with characters that need escapes',
    { enum: ['a"b', 'c\\d', 'e\nf', '\u0001', '-]^['] },
    ['a"b', 'c\\d', 'e\nf', '\u0001', '-]^['],
    ['a', 'c/d', 'e'],
  ),
  of(
    'enum in Chinese and emoji',
    { enum: ['你好', '你们', '😀', '🇨🇳', 'é'] },
    ['你好', '你们', '😀', '🇨🇳', 'é'],
    ['你', '😁', 'e'],
  ),
  of('enum beside its type', { type: 'string', enum: ['a', 1, null] }, ['a'], [1, null]),
  of('enum beside other limits', { enum: ['a', 'abc', 5, 50], minLength: 2, maximum: 10 }, ['abc', 5], ['a', 50]),
  of('enum of one', { enum: ['only'] }, ['only'], ['on', 'only2']),
  of('enum of prefixes', { enum: ['a', 'ab', 'abc'] }, ['a', 'ab', 'abc'], ['', 'abcd']),
  of('const string', { const: 'x"y' }, ['x"y'], ['xy', 'x']),
  of('const null', { const: null }, [null], [0, 'null']),
  of('const object', { const: { a: [1, { b: null }] } }, [{ a: [1, { b: null }] }], [{ a: [1] }, {}]),
  of('const with line separators', { const: '\u2028\u2029' }, ['\u2028\u2029'], ['']),
]

const strings = [
  of('minLength', { type: 'string', minLength: 3 }, ['abc', 'abcdef', '你好吗'], ['', 'ab', '😀😀']),
  of('maxLength', { type: 'string', maxLength: 2 }, ['', 'ab', '你好', '😀😀'], ['abc', '😀😀😀']),
  of('both lengths', { type: 'string', minLength: 2, maxLength: 3 }, ['ab', 'abc'], ['a', 'abcd']),
  of(
    'lengths count escapes as one',
    { type: 'string', minLength: 1, maxLength: 1 },
    ['\n', text('"\\u0041"'), text('"\\ud83d\\ude00"')],
    ['\n\n', text('"\\u0041\\u0042"')],
  ),
  of('maxLength 0', { type: 'string', maxLength: 0 }, [''], ['a']),
  of(
    "lengths beyond llama.cpp's repetition limit",
    { type: 'string', minLength: 2500, maxLength: 5001 },
    ['x'.repeat(2500), 'x'.repeat(3000), 'x'.repeat(5001)],
    ['x'.repeat(2499), 'x'.repeat(5002)],
  ),
  of(
    'a length at a block',
    { type: 'string', maxLength: 2000 },
    ['', 'x'.repeat(999), 'x'.repeat(1000), 'x'.repeat(1001), 'x'.repeat(2000)],
    ['x'.repeat(2001)],
  ),
  of('lengths imply a string', { minLength: 1 }, ['a'], ['', 1]),
]

const patterns = [
  of('pattern of classes', pattern('^[a-c0-9_]+$'), ['abc_9', 'a'], ['', 'd', 'ab-']),
  of('pattern of escapes', pattern('^\\d{3}-\\w\\s\\.$'), ['123-_ .', '000-a\t.'], ['12-a .', '123-- .', '123-a x']),
  of('pattern of negated escapes', pattern('^\\D\\W\\S$'), ['a-b', '"\\"'], ['1-b', 'aab', 'a- ']),
  of('pattern alternation', pattern('^(cat|dog|bird)s?$'), ['cat', 'dogs', 'birds'], ['ca', 'catss', 'cow']),
  of('pattern alternation without a group', pattern('^a|b$'), ['a', 'axxx', 'xxxb'], ['ba', 'xax']),
  of(
    'pattern quantifiers',
    pattern('^a?b*c+d{2}e{1,3}f{2,}$'),
    ['cddeff', 'abbccddeeefff'],
    ['cdeff', 'cddeeeeff', 'cddef'],
  ),
  of('pattern lazy quantifiers', pattern('^a+?b{1,2}?$'), ['ab', 'aabb'], ['a', 'abbb']),
  of('pattern nested groups', pattern('^((ab)+c){2}$'), ['abcabc', 'ababcabc'], ['abc', 'abab']),
  of('pattern of nullable repeats', pattern('^(a*b?)*$'), ['', 'aab', 'bbaa'], ['c']),
  of('pattern non-capturing and named groups', pattern('^(?:a)(?<name>b)$'), ['ab'], ['a', 'b']),
  of('pattern dot', pattern('^.$'), ['a', '"', '\\', '你', '😀', '\u0000'], ['', 'ab', '\n', '\r', '\u2028']),
  of('pattern quotes and backslashes', pattern('^"\\\\/$'), ['"\\/'], ['""', '\\']),
  of('pattern control characters', pattern('^[\\x00-\\x1f]$'), ['\u0000', '\n', '\u001f'], [' ', 'a']),
  of('pattern of Unicode escapes', pattern('^\\u4f60\\x41\\u{1F600}\\ud83d\\ude01\\cJ$'), ['你A😀😁\n'], ['你A😀😀\n']),
  of(
    'pattern of Unicode properties',
    pattern("^\\p{Lu}[\\p{L}' -]+\\P{L}$"),
    ['Żółć 1', "É'a你."],
    ['żółć1', 'Ża', 'Ż1a!'],
  ),
  of('pattern of a script', pattern('^[\\p{Script=Han}\\p{Nd}]{2}$'), ['你3', '々〇'], ['あ3', '你']),
  of('pattern in Chinese', pattern('^[一-龥]{2,4}$'), ['你好', '北京大学'], ['你', 'ab', '你a']),
  of('pattern unanchored', pattern('foo'), ['foo', 'a foo b', 'fofoo'], ['fo', 'bar', '']),
  of('pattern anchored at the start', pattern('^foo'), ['foo', 'foobar'], ['xfoo']),
  of('pattern anchored at the end', pattern('foo$'), ['foo', 'xfoo'], ['foox']),
  of('pattern that allows all', pattern(''), ['', 'x"y'], [1]),
  of('pattern class specials', pattern('^[\\]\\-\\\\^.*]+$'), [']-\\^.*'], ['a', '[']),
  of('pattern negated class', pattern('^[^a-z"]+$'), ['A1\\', '你'], ['a', '"', '']),
  of('pattern lookahead', pattern('^(?=.*[0-9])(?=.*[a-z])[a-z0-9]{3,5}$'), ['a1b', '12x45'], ['abc', '123', 'a1']),
  of('pattern negative lookahead', pattern('^(?!admin$)(?!.*--)[a-z-]+$'), ['administrator', 'a-b'], ['admin', 'a--b']),
  of(
    'pattern with lengths',
    { type: 'string', pattern: '^[a-z]*$', minLength: 2, maxLength: 4 },
    ['ab', 'abcd'],
    ['a', 'abcde', 'a1'],
  ),
  of(
    'pattern with a format',
    { type: 'string', pattern: '^20', format: 'date' },
    ['2024-02-29'],
    ['1999-01-01', '2023-02-29'],
  ),
  of('pattern implies a string', { pattern: '^a$' }, ['a'], ['b', 1]),
  of(
    'pattern of a phone number',
    pattern('^(\\([0-9]{3}\\))?[0-9]{3}-[0-9]{4}$'),
    ['(888)555-1212', '555-1212'],
    ['(800)FLOWERS', '5551212'],
  ),
  of('pattern of an optional anchor', pattern('^(a$|b)c?'), ['a', 'bc', 'b', 'bcx'], ['ac', 'c']),
]

const formats = [
  of(
    'format date',
    format('date'),
    ['2024-02-29', '2000-02-29', '2023-12-31'],
    ['2023-02-29', '1900-02-29', '2024-13-01', '2024-04-31', '24-01-01'],
  ),
  of('format time', format('time'), ['23:59:59Z', '00:00:00.123+08:00'], ['24:00:00Z', '12:00:00', '12:60:00Z']),
  of(
    'format date-time',
    format('date-time'),
    ['2024-01-31T10:00:00Z', '2024-01-31T10:00:00.5-07:30'],
    ['2024-01-31', '2024-01-32T10:00:00Z', '2024-01-31 10:00:00Z'],
  ),
  of('format duration', format('duration'), ['P1Y2M3D', 'PT1H', 'P2W', 'P1DT12H'], ['P', 'PT', '1Y', 'P1H']),
  of(
    'format email',
    format('email'),
    ['a@b.cd', "x.y+z'@mail.example.com"],
    ['a', 'a@b', '@b.cd', 'a@-b.cd', 'a b@c.de', '.a@b.cd'],
  ),
  of('format hostname', format('hostname'), ['a', 'example.com', 'a-b.c9'], ['', '-a', 'a..b', 'a_b', 'a-.b']),
  of('format ipv4', format('ipv4'), ['0.0.0.0', '192.168.1.255'], ['256.1.1.1', '1.2.3', '1.2.3.4.5', '01.2.3.4']),
  of(
    'format ipv6',
    format('ipv6'),
    ['::', '::1', 'fe80::1:2', '1:2:3:4:5:6:7:8', '1::8', '::ffff:1.2.3.4', '1:2:3:4:5:6:7::'],
    ['1', '1::2::3', '1:2:3:4:5:6:7:8:9', 'g::1', ':::'],
  ),
  of(
    'format uri',
    format('uri'),
    ['http://a.b/c?d=e#f', 'mailto:a@b.cd', 'urn:isbn:123', 'https://x:8080'],
    ['a.b', '//a', 'http://a b', '%zz:'],
  ),
  of('format uri-reference', format('uri-reference'), ['/a/b', '', '#x', 'http://a/b', '?q=1'], ['a b', '\\']),
  of(
    'format uuid',
    format('uuid'),
    ['123e4567-e89b-12d3-a456-426614174000'],
    ['123e4567e89b12d3a456426614174000', '123e4567-e89b-12d3-a456-42661417400g'],
  ),
  of(
    'format uuid4',
    format('uuid4'),
    ['123e4567-e89b-42d3-a456-426614174000'],
    ['123e4567-e89b-12d3-a456-426614174000'],
  ),
  of(
    'format uri-template',
    format('uri-template'),
    ['/a/b?c=d', '/people/{id}{?page,size*}', 'https://a.b/{+path:3}'],
    ['a b', '{', '{}', "/it's"],
  ),
  of('format base64url', format('base64url'), ['', 'QU-_'], ['QU+/', 'Q']),
  of('format color', format('color'), ['#00fF9a'], ['00ff9a', '#00f']),
  of(
    'Pydantic: formats of its own',
    object({ a: format('name-email'), b: format('multi-host-uri'), c: format('uuid7') }),
    [{ a: 'a@b.cd', b: 'postgres://u:1/d', c: '123e4567-e89b-72d3-a456-426614174000' }],
    [{ a: 'A <a@b.cd>' }, { b: 'u' }, { c: '123e4567-e89b-42d3-a456-426614174000' }],
  ),
  of(
    'schemars: times without a zone',
    object({ a: format('partial-date-time'), b: format('partial-time') }),
    [{ a: '2024-02-29T23:59:59.5', b: '00:00:00' }],
    [{ a: '2023-02-29T23:59:59' }, { b: '00:00:00Z' }],
  ),
  of(
    'OpenAPI: times without a zone',
    object({ a: format('date-time-local'), b: format('time-local') }),
    [{ a: '2024-02-29T23:59:59.5', b: '00:00:00' }],
    [{ a: '2023-02-29T23:59:59' }, { b: '00:00:00Z' }],
  ),
  of(
    'format regex',
    format('regex'),
    ['', '^[a-z]+$', '^(?:https?://)?[\\w.]+$', '(a|(b(c)*)){1,3}?', '[^0-9\\-]{2,}\\.\\b'],
    ['(', '[', '[z-a]', 'a**', '{2}', 'a{3,2}', '\\', '^*'],
  ),
  of('format idn-email', format('idn-email'), ['a@b.cd'], ['a', 'a@b']),
  of('format idn-hostname', format('idn-hostname'), ['example.com'], ['-a']),
  of('format iri', format('iri'), ['http://a.b/c'], ['a.b']),
  of('format iri-reference', format('iri-reference'), ['/a/b'], ['a b']),
  of('format char', format('char'), ['a', '中', '"', ' '], ['', 'ab']),
  of('format decimal', format('decimal'), ['-1.50', '0', '12'], ['', '01', '1.', '.5', 'a']),
  of('format decimal of numbers', { type: 'number', format: 'decimal' }, [1.5, -3], ['1']),
  of('format unix-time', { type: 'integer', format: 'unix-time' }, [0, 1700000000], [1.5, '1']),
  of(
    'NJsonSchema: formats of .NET',
    object({ a: format('guid'), b: format('time-span') }),
    [{ a: '123e4567-e89b-12d3-a456-426614174000', b: '-1.23:59:59.1234567' }],
    [{ a: '123e4567' }, { b: '24:00:00' }, { b: '1:00:00' }],
  ),
  of('format json-pointer', format('json-pointer'), ['', '/a/b~0c~1d', '/'], ['a', '/~2']),
  of('format relative-json-pointer', format('relative-json-pointer'), ['0', '1/a', '2#'], ['', '01', '/a']),
  of('format byte', format('byte'), ['', 'QUJD', 'QQ=='], ['Q', 'QUJ', '====']),
  of('format base64', format('base64'), ['', 'QUJD', 'QQ=='], ['Q', 'QUJ', '====']),
  of('format that only hints', format('password'), ['x'], [1]),
  of(
    'format of marked-up text',
    object({ a: format('html'), b: format('commonmark') }),
    [{ a: '<b>x</b>', b: '# x' }],
    [{ a: 1, b: 'x' }],
  ),
  of('format int32', { type: 'integer', format: 'int32' }, [2147483647, -2147483648], [2147483648, 1.5]),
  of('format uint8', { type: 'integer', format: 'uint8' }, [0, 255], [-1, 256, 0.5]),
  of('format uint64', { type: 'integer', format: 'uint64', minimum: 0 }, [0, 9007199254740991], [-1, 1.5]),
  of('format int', { type: 'integer', format: 'int' }, [-9007199254740991, 9007199254740991], [1.5]),
  of('format with a bound that none reaches', { ...format('hostname'), maxLength: 253 }, ['example.com'], ['a..b']),
  of(
    'format with a far bound',
    { ...format('uri'), minLength: 1, maxLength: 2083 },
    [`https://a.b/${'c'.repeat(300)}`, 'mailto:a@b.cd'],
    ['a.b', `https://a.b/${'c'.repeat(2083)}`],
  ),
  of('format with lengths', { type: 'string', format: 'email', maxLength: 8 }, ['a@bcd.ef'], ['ab@bcd.ef']),
  of('format implies a string', { format: 'ipv4' }, ['1.2.3.4'], [1, 'a']),
]

const numbers = [
  of('minimum', { type: 'integer', minimum: 7 }, [7, 10, 99, 100000], [6, 0, -7]),
  of('maximum', { type: 'integer', maximum: 120 }, [120, 9, 0, -500], [121, 200, 1000]),
  of(
    'both bounds',
    { type: 'integer', minimum: 18, maximum: 1234 },
    [18, 99, 100, 999, 1000, 1234],
    [17, 1235, 9999, -18],
  ),
  of('negative bounds', { type: 'integer', minimum: -15, maximum: -3 }, [-15, -10, -9, -3], [-16, -2, 0, 5]),
  of('bounds around zero', { type: 'integer', minimum: -12, maximum: 5 }, [-12, -9, 0, 5], [-13, 6, text('-0')]),
  of('exclusive bounds', { type: 'integer', exclusiveMinimum: 0, exclusiveMaximum: 10 }, [1, 9], [0, 10, -1]),
  of(
    'exclusive bounds of draft 4',
    { type: 'integer', minimum: 0, exclusiveMinimum: true, maximum: 9, exclusiveMaximum: true },
    [1, 8],
    [0, 9],
  ),
  of('fractional bounds of integers', { type: 'integer', minimum: 1.5, maximum: 3.5 }, [2, 3], [1, 4]),
  of(
    'the stricter bound wins, whichever comes first',
    { type: 'integer', exclusiveMinimum: 3, minimum: 3, exclusiveMaximum: 9, maximum: 9 },
    [4, 8],
    [3, 9],
  ),
  of(
    'the stricter bound wins',
    { type: 'integer', minimum: 3, exclusiveMinimum: 3, maximum: 8, exclusiveMaximum: 9 },
    [4, 8],
    [3, 9],
  ),
  of(
    'safe integers',
    { type: 'integer', minimum: -9007199254740991, maximum: 9007199254740991 },
    [9007199254740991, -9007199254740991],
    [text('9007199254740992')],
  ),
  of('number from zero', { type: 'number', minimum: 0 }, [0, 0.5, 123.25, 1e9], [-1, -0.5]),
  of(
    'number within',
    { type: 'number', minimum: -1.5, maximum: 2.25 },
    [-1.5, -1.49, 0, -0.1, 2.25, 2.2, 1.999],
    [-1.51, 2.26, 3, -2],
  ),
  of(
    'number within a fraction',
    { type: 'number', minimum: 0.1, maximum: 0.35 },
    [0.1, 0.2, 0.35, text('0.350')],
    [0.09, 0.36, 0, 1],
  ),
  of('number above', { type: 'number', exclusiveMinimum: 0 }, [0.0001, 1], [0, -1, text('0.0')]),
  of('number below', { type: 'number', exclusiveMaximum: 1 }, [0.99, -5, 0], [1, text('1.0'), 1.5]),
  of(
    'an exclusive bound is not met by rounding',
    { type: 'number', minimum: 0, exclusiveMaximum: 1 },
    [0.99999999999999],
    [text('0.9999999999999999999')],
  ),
  of('multipleOf', { type: 'integer', multipleOf: 5 }, [0, 5, -10, 1235], [1, 12, -3]),
  of(
    'multipleOf a round number',
    { type: 'integer', multipleOf: 1000 },
    [0, 1000, -12000, 100000],
    [1, 100, 1500, text('-0')],
  ),
  of('multipleOf with bounds', { type: 'integer', multipleOf: 7, minimum: 10, maximum: 40 }, [14, 21, 35], [7, 10, 42]),
  of('multipleOf a fraction', { type: 'number', multipleOf: 0.25 }, [0.25, 1.5, -3, 7.75], [0.1, 1.3]),
  of('multipleOf a cent', { type: 'number', multipleOf: 0.01, minimum: 0 }, [19.99, 0.1, 5], [0.001, 1.999]),
  of('multipleOf of integers by a fraction', { type: 'integer', multipleOf: 1.5 }, [3, 6, 0], [1, 4]),
  of('number that must be whole', { type: 'number', multipleOf: 1 }, [1, 0, -4], [1.5]),
  of('one value', { type: 'number', minimum: 3, maximum: 3 }, [3], [2, 4]),
  of('bounds imply a number', { minimum: 5 }, [5, 5.5], [4, 'a']),
]

const arrays = [
  of('items', { type: 'array', items: integer }, [[], [1], [1, 2, 3]], [['a'], [1, null]]),
  of(
    'minItems',
    { type: 'array', items: integer, minItems: 2 },
    [
      [1, 2],
      [1, 2, 3],
    ],
    [[], [1]],
  ),
  of('maxItems', { type: 'array', items: integer, maxItems: 2 }, [[], [1, 2]], [[1, 2, 3]]),
  of(
    'an exact count',
    { type: 'array', items: integer, minItems: 3, maxItems: 3 },
    [[1, 2, 3]],
    [
      [1, 2],
      [1, 2, 3, 4],
    ],
  ),
  of('maxItems 0', { type: 'array', maxItems: 0 }, [[]], [[1]]),
  of(
    "more items than llama.cpp's limit",
    { type: 'array', items: { const: 1 }, minItems: 1500, maxItems: 2501 },
    [Array(1500).fill(1), Array(2501).fill(1)],
    [Array(1499).fill(1), Array(2502).fill(1)],
  ),
  of('prefixItems', { type: 'array', prefixItems: [integer, string] }, [[1, 'a']], [[1], ['a', 1], [1, 'a', 2]]),
  of(
    'prefixItems with minItems',
    { type: 'array', prefixItems: [integer, string, { type: 'null' }], minItems: 1 },
    [[1], [1, 'a'], [1, 'a', null]],
    [[], [1, null]],
  ),
  of(
    'prefixItems and items',
    { type: 'array', prefixItems: [integer], items: string, maxItems: 3 },
    [[1], [1, 'a'], [1, 'a', 'b']],
    [['a'], [1, 2], [1, 'a', 'b', 'c']],
  ),
  of(
    'prefixItems and items that are optional',
    { type: 'array', prefixItems: [integer, integer], items: string, minItems: 0 },
    [[], [1], [1, 2], [1, 2, 'a']],
    [[1, 'a']],
  ),
  of(
    'prefixItems and required items',
    { type: 'array', prefixItems: [integer], items: string, minItems: 3 },
    [
      [1, 'a', 'b'],
      [1, 'a', 'b', 'c'],
    ],
    [[1, 'a']],
  ),
  of('items: false', { type: 'array', prefixItems: [integer], items: false }, [[1]], [[1, 2]]),
  of(
    'a tuple of draft 7',
    { type: 'array', items: [integer, string], additionalItems: { type: 'null' } },
    [
      [1, 'a'],
      [1, 'a', null],
    ],
    [[1, 'a', 2]],
  ),
  of('nested arrays', { type: 'array', items: { type: 'array', items: integer } }, [[[1], []]], [[1]]),
  of('arrays without a type', { items: integer }, [[1]], [['a'], 1]),
  of(
    'a set of values',
    { type: 'array', items: { enum: ['a', 'b', 1, null] }, uniqueItems: true },
    [[], ['a'], [1, 'a', null, 'b'], ['b', 'a']],
    [['a', 'a'], [null, 'b', null], ['c'], text('["a",]')],
  ),
  of(
    'a set with counts',
    { type: 'array', items: { enum: [...'abcdefghijklmnopqrst'] }, uniqueItems: true, minItems: 1, maxItems: 2 },
    [['t'], ['c', 'a']],
    [[], ['a', 'a'], ['a', 'b', 'c']],
  ),
  of(
    'Pydantic: a set of an enumeration',
    {
      $defs: { Tag: { enum: ['x', 'y'], title: 'Tag', type: 'string' } },
      ...object({ tags: { items: { $ref: '#/$defs/Tag' }, type: 'array', uniqueItems: true } }, ['tags']),
    },
    [{ tags: [] }, { tags: ['y', 'x'] }],
    [{ tags: ['x', 'x'] }],
  ),
  of(
    'more values than a set has',
    { type: ['array', 'null'], items: { enum: [1, 2] }, uniqueItems: true, minItems: 3 },
    [null],
    [
      [1, 2],
      [1, 2, 1],
    ],
  ),
  of(
    'uniqueItems where it cannot fail',
    { type: 'array', items: integer, uniqueItems: true, maxItems: 1 },
    [[], [1]],
    [[1, 2]],
  ),
  of('unevaluatedItems', { type: 'array', prefixItems: [integer], unevaluatedItems: false }, [[1]], [[1, 2]]),
  of('items that cannot be', { type: 'array', items: false }, [[]], [[1]]),
]

const objects = [
  of(
    'required',
    object({ a: integer, b: string }, ['a', 'b']),
    [{ a: 1, b: 'x' }],
    [{ a: 1 }, { b: 'x', a: 1 }, {}, { a: 1, b: 'x', c: 1 }],
  ),
  of(
    'optional in every combination',
    object({ a: integer, b: integer, c: integer }),
    [{}, { a: 1 }, { b: 1 }, { c: 1 }, { a: 1, b: 1 }, { a: 1, c: 1 }, { b: 1, c: 1 }, { a: 1, b: 1, c: 1 }],
    [{ b: 1, a: 1 }, { d: 1 }, text('{"a":1,}'), text('{,"a":1}')],
  ),
  of(
    'required between optional',
    object({ a: integer, b: integer, c: integer }, ['b']),
    [{ b: 1 }, { a: 1, b: 1 }, { b: 1, c: 1 }, { a: 1, b: 1, c: 1 }],
    [{}, { a: 1 }, { a: 1, c: 1 }],
  ),
  of(
    'required at both ends',
    object({ a: integer, b: integer, c: integer }, ['a', 'c']),
    [
      { a: 1, c: 1 },
      { a: 1, b: 1, c: 1 },
    ],
    [{ a: 1 }, { a: 1, b: 1 }],
  ),
  of('required without a property', { type: 'object', required: ['x'] }, [{ x: 1 }, { x: 'a', y: 2 }], [{}, { y: 2 }]),
  of(
    'a name twice in required',
    object({ a: integer, b: integer, c: integer }, ['a', 'a'], { minProperties: 2, maxProperties: 2 }),
    [
      { a: 1, b: 1 },
      { a: 1, c: 1 },
    ],
    [{ a: 1 }, { b: 1, c: 1 }, { a: 1, b: 1, c: 1 }],
  ),
  of(
    'additionalProperties: false',
    object({ a: integer }, [], { additionalProperties: false }),
    [{}, { a: 1 }],
    [{ b: 1 }],
  ),
  of(
    'additionalProperties: true',
    object({ a: integer }, ['a'], { additionalProperties: true }),
    [{ a: 1 }, { a: 1, b: 'x', c: null }],
    [{ b: 1 }, { b: 1, a: 1 }],
  ),
  of(
    'additionalProperties of a schema',
    object({ a: string }, [], { additionalProperties: integer }),
    [{ a: 'x' }, { b: 1 }, { a: 'x', ab: 1, '': 2 }],
    [{ b: 'x' }, { a: 1 }],
  ),
  of(
    'keys that begin like a property',
    object({ name: string, nam: string }, [], { additionalProperties: integer }),
    [{ n: 1, na: 2, names: 3, '"': 4 }],
    [{ name: 1 }, { nam: 1 }],
  ),
  of('a map', { type: 'object', additionalProperties: { type: 'boolean' } }, [{}, { x: true, y: false }], [{ x: 1 }]),
  of('nothing but {}', object({}, [], { additionalProperties: false }), [{}], [{ a: 1 }]),
  of(
    'property names that need escapes',
    object({ 'a"b': integer, '\\': integer, '\n': integer, 'x/y~z': integer }),
    [{ 'a"b': 1, '\\': 2, '\n': 3, 'x/y~z': 4 }],
    [{ ab: 1 }],
  ),
  of(
    'property names in Chinese and emoji',
    object({ 姓名: string, '🎂': integer, ' ': integer }, ['姓名']),
    [{ 姓名: '王', '🎂': 3, ' ': 1 }],
    [{ 姓: 'x' }],
  ),
  of(
    'property names of rules and prototypes',
    object({ string: integer, root: integer, space: integer, constructor: integer, toString: integer }),
    [{ string: 1, root: 2, space: 3, constructor: 4, toString: 5 }],
    [{ string: 'a' }],
  ),
  of(
    'property __proto__',
    JSON.parse('{"type":"object","properties":{"__proto__":{"type":"integer"}},"required":["__proto__"]}'),
    [text('{"__proto__":1}')],
    [{}],
  ),
  of(
    'nested objects',
    object({ a: object({ b: object({ c: integer }, ['c']) }, ['b']) }, ['a']),
    [{ a: { b: { c: 1 } } }],
    [{ a: { b: {} } }],
  ),
  of(
    'blanks',
    object({ a: integer, b: integer }, ['a', 'b']),
    [text('{ "a": 1, "b": 2 }'), text('{\n  "a" : 1,\n\n\t"b":\n2\n}')],
    [text('{  "a":1,"b":2}'), text(' {"a":1,"b":2}'), text('{"a":1,"b":2} '), text(`{\n${' '.repeat(30)}"a":1,"b":2}`)],
  ),
  of(
    'patternProperties',
    { type: 'object', patternProperties: { '^s_': string, '^i_': integer } },
    [{ s_a: 'x', i_b: 1 }, {}],
    [{ s_a: 1 }, { other: 1 }],
  ),
  of(
    'patternProperties beside others',
    object({ s_own: integer }, [], {
      patternProperties: { '^s_': { minimum: 5 } },
      additionalProperties: { type: 'null' },
    }),
    [{ s_own: 7, s_x: 5, z: null }],
    [{ s_own: 3 }, { z: 1 }, { s_x: null }],
  ),
  of(
    'patternProperties that overlap',
    { type: 'object', patternProperties: { a: { minimum: 2 }, b: { maximum: 5 } } },
    [{ a: 9, b: 1, ab: 3 }],
    [{ ab: 1 }, { ab: 9 }],
  ),
  of(
    'propertyNames',
    { type: 'object', propertyNames: { pattern: '^[a-z]+$' }, additionalProperties: integer },
    [{ ab: 1 }],
    [{ A: 1 }, { '': 1 }],
  ),
  of(
    'propertyNames of an enum',
    { type: 'object', propertyNames: { enum: ['x', 'y'] }, additionalProperties: integer },
    [{ x: 1, y: 2 }, {}],
    [{ z: 1 }],
  ),
  of(
    'propertyNames of any string',
    { type: 'object', propertyNames: string, additionalProperties: integer },
    [{ any: 1 }],
    [{ any: 'x' }],
  ),
  of(
    'propertyNames that forbid a property',
    { ...object({ Bad: integer, good: integer }), propertyNames: { pattern: '^[a-z]+$' } },
    [{ good: 1 }],
    [{ Bad: 1 }],
  ),
  of(
    'minProperties',
    object({ a: integer, b: integer, c: integer }, [], { minProperties: 2 }),
    [
      { a: 1, b: 1 },
      { a: 1, c: 1 },
      { b: 1, c: 1 },
      { a: 1, b: 1, c: 1 },
    ],
    [{}, { a: 1 }, { c: 1 }],
  ),
  of(
    'maxProperties',
    object({ a: integer, b: integer, c: integer }, ['c'], { maxProperties: 2 }),
    [{ c: 1 }, { a: 1, c: 1 }, { b: 1, c: 1 }],
    [
      { a: 1, b: 1, c: 1 },
      { a: 1, b: 1 },
    ],
  ),
  of(
    'counted maps',
    { type: 'object', additionalProperties: integer, minProperties: 1, maxProperties: 2 },
    [{ a: 1 }, { a: 1, b: 2 }],
    [{}, { a: 1, b: 2, c: 3 }],
  ),
  of('properties imply an object', { properties: { a: integer } }, [{ a: 1 }, {}], [1, { a: 'x' }]),
  of('a property that cannot be', object({ a: false, b: integer }), [{}, { b: 1 }], [{ a: 1 }]),
  of('a property of any value', object({ a: {}, b: true }, ['a', 'b']), [{ a: null, b: [1] }], [{ a: 1 }]),
]

const combined = [
  of('anyOf', { anyOf: [string, { type: 'null' }] }, ['a', null], [1]),
  of(
    'anyOf of objects',
    { anyOf: [object({ a: integer }, ['a']), object({ b: integer }, ['b'])] },
    [{ a: 1 }, { b: 1 }],
    [{}, { a: 1, b: 1 }],
  ),
  of(
    'anyOf beside properties',
    object({ k: string }, ['k'], {
      anyOf: [
        { required: ['a'], properties: { a: integer } },
        { required: ['b'], properties: { b: integer } },
      ],
    }),
    [
      { k: 'x', a: 1 },
      { k: 'x', b: 1 },
    ],
    [{ k: 'x' }, { a: 1 }],
  ),
  of('anyOf narrows a type', { type: 'string', anyOf: [{ minLength: 3 }, { const: 'x' }] }, ['abc', 'x'], ['ab', 1]),
  of('anyOf inside anyOf', { anyOf: [{ anyOf: [integer, string] }, { type: 'null' }] }, [1, 'a', null], [true]),
  of('oneOf by kinds', { oneOf: [integer, string] }, [1, 'a'], [null]),
  of(
    'oneOf by a tag',
    {
      oneOf: [
        object({ kind: { const: 'circle' }, r: integer }, ['kind', 'r']),
        object({ kind: { const: 'square' }, side: integer }, ['kind', 'side']),
      ],
    },
    [
      { kind: 'circle', r: 1 },
      { kind: 'square', side: 1 },
    ],
    [{ kind: 'circle', side: 1 }, { kind: 'x' }],
  ),
  of(
    'oneOf by what is required',
    { oneOf: [object({ a: integer }, ['a']), object({ b: integer }, ['b'])] },
    [{ a: 1 }, { b: 1 }],
    [{}],
  ),
  of(
    'oneOf by ranges',
    {
      oneOf: [
        { type: 'integer', maximum: 3 },
        { type: 'integer', minimum: 10 },
      ],
    },
    [3, 10],
    [5],
  ),
  of('oneOf of values', { oneOf: [{ enum: ['a', 'b'] }, { enum: ['b', 'c'] }] }, ['a', 'c'], ['b']),
  of('oneOf by patterns', { oneOf: [pattern('^a'), pattern('^b')] }, ['ax', 'b'], ['c']),
  of(
    'oneOf by lengths of arrays',
    {
      oneOf: [
        { type: 'array', items: integer, maxItems: 1 },
        { type: 'array', items: integer, minItems: 2 },
      ],
    },
    [[], [1, 2]],
    [['a']],
  ),
  of(
    'allOf merges objects',
    { allOf: [object({ a: integer }, ['a']), object({ b: string }, ['b'])] },
    [{ a: 1, b: 'x' }],
    [{ a: 1 }, { b: 'x' }],
  ),
  of(
    'allOf narrows a property',
    { allOf: [object({ a: { type: 'integer', minimum: 3 } }, ['a']), object({ a: { maximum: 5 } })] },
    [{ a: 4 }],
    [{ a: 2 }, { a: 6 }],
  ),
  of(
    'allOf of limits',
    { type: 'string', allOf: [{ minLength: 2 }, { maxLength: 3 }, { pattern: '^a' }] },
    ['ab', 'abc'],
    ['a', 'abcd', 'bb'],
  ),
  of('allOf of enums', { allOf: [{ enum: ['a', 'b', 'c'] }, { enum: ['b', 'c', 'd'] }] }, ['b', 'c'], ['a', 'd']),
  of(
    'allOf with anyOf',
    {
      allOf: [object({ a: integer }, ['a']), { anyOf: [object({ b: integer }, ['b']), object({ c: integer }, ['c'])] }],
    },
    [
      { a: 1, b: 1 },
      { a: 1, c: 1 },
    ],
    [{ a: 1 }],
  ),
  of(
    'allOf with a closed part',
    { allOf: [object({ a: integer }, [], { additionalProperties: false }), object({ b: integer })] },
    [{ a: 1 }, {}],
    [{ b: 1 }],
  ),
  of(
    'allOf of tuples',
    { allOf: [{ type: 'array', prefixItems: [integer] }, { prefixItems: [{ minimum: 3 }, string] }] },
    [[3, 'a']],
    [[2, 'a'], [3]],
  ),
  of(
    'unevaluatedProperties',
    { allOf: [object({ a: integer })], properties: { b: integer }, unevaluatedProperties: false },
    [{ b: 1, a: 1 }, {}],
    [{ c: 1 }],
  ),
  of('not anything, in one branch', { anyOf: [{ not: {} }, integer] }, [1], ['a']),
]

const references = [
  of('$ref to $defs', { $ref: '#/$defs/n', $defs: { n: integer } }, [1], ['a']),
  of(
    '$ref to definitions',
    object({ x: { $ref: '#/definitions/n' } }, ['x'], { definitions: { n: integer } }),
    [{ x: 1 }],
    [{ x: 'a' }],
  ),
  of('$ref to a property', object({ a: integer, b: { $ref: '#/properties/a' } }, ['b']), [{ b: 1 }], [{ b: 'x' }]),
  of(
    '$ref into a list',
    object({ a: { anyOf: [integer, string] }, b: { $ref: '#/properties/a/anyOf/1' } }, ['b']),
    [{ b: 'x' }],
    [{ b: 1 }],
  ),
  of('$ref with escapes', { $ref: '#/$defs/a~1b~0c%20d%22', $defs: { 'a/b~c d"': integer } }, [1], ['a']),
  of(
    '$ref beside other keywords',
    { $ref: '#/$defs/n', maximum: 5, description: 'd', $defs: { n: integer } },
    [5],
    [6, 'a'],
  ),
  of(
    '$ref of a $ref',
    { $ref: '#/$defs/a', $defs: { a: { $ref: '#/$defs/b' }, b: { $ref: '#/$defs/c' }, c: integer } },
    [1],
    ['a'],
  ),
  of('$anchor', { $ref: '#here', $defs: { x: { $anchor: 'here', ...integer } } }, [1], ['a']),
  of(
    '$id',
    {
      $id: 'https://x.y/tree',
      type: 'object',
      properties: { kids: { type: 'array', items: { $ref: 'https://x.y/tree' } } },
    },
    [{ kids: [{}, { kids: [] }] }],
    [{ kids: [1] }],
  ),
  of(
    '$id of a part',
    { $ref: 'part#/$defs/n', $defs: { p: { $id: 'part', $defs: { n: integer }, $ref: '#/$defs/n' } } },
    [1],
    ['a'],
  ),
  of(
    'a list by recursion',
    {
      $ref: '#/$defs/node',
      $defs: {
        node: object({ value: integer, next: { anyOf: [{ $ref: '#/$defs/node' }, { type: 'null' }] } }, [
          'value',
          'next',
        ]),
      },
    },
    [
      { value: 1, next: null },
      { value: 1, next: { value: 2, next: null } },
    ],
    [{ value: 1 }, { value: 1, next: {} }],
  ),
  of(
    'a tree by recursion',
    object({ name: string, children: { type: 'array', items: { $ref: '#' } } }, ['name']),
    [{ name: 'a' }, { name: 'a', children: [{ name: 'b', children: [] }] }],
    [{ name: 'a', children: [{}] }],
  ),
  of(
    'mutual recursion',
    {
      $ref: '#/$defs/a',
      $defs: { a: object({ b: { $ref: '#/$defs/b' } }), b: { type: 'array', items: { $ref: '#/$defs/a' } } },
    },
    [{}, { b: [{ b: [] }] }],
    [{ b: {} }],
  ),
  of(
    'recursion through allOf',
    {
      $defs: { base: object({ kids: { type: 'array', items: { $ref: '#' } } }) },
      allOf: [{ $ref: '#/$defs/base' }, object({ n: integer }, ['n'])],
    },
    [{ n: 1 }, { kids: [{ n: 2 }], n: 1 }],
    [{ kids: [{}], n: 1 }],
  ),
  of(
    'recursion in a union',
    {
      $defs: { e: { anyOf: [integer, { type: 'array', items: { $ref: '#/$defs/e' }, minItems: 2 }] } },
      $ref: '#/$defs/e',
    },
    [1, [1, [2, 3]]],
    [[1], 'a'],
  ),
  of(
    'required recursion with a way out',
    object({ next: { anyOf: [{ $ref: '#' }, { type: 'null' }] } }, ['next']),
    [{ next: { next: null } }],
    [{}],
  ),
  of(
    'an optional property that would be endless',
    {
      $defs: { loop: object({ again: { $ref: '#/$defs/loop' } }, ['again']) },
      ...object({ a: integer, loop: { $ref: '#/$defs/loop' } }),
    },
    [{}, { a: 1 }],
    [{ loop: {} }],
  ),
]

/** Schemas as clients make them. */
const clients = [
  of(
    'pydantic',
    {
      $defs: {
        Color: { enum: ['red', 'blue'], title: 'Color', type: 'string' },
        Pet: {
          properties: {
            name: { title: 'Name', type: 'string' },
            color: { allOf: [{ $ref: '#/$defs/Color' }], default: 'red' },
            age: { anyOf: [{ type: 'integer', exclusiveMinimum: 0 }, { type: 'null' }], default: null, title: 'Age' },
          },
          required: ['name'],
          title: 'Pet',
          type: 'object',
        },
      },
      properties: {
        pets: { items: { $ref: '#/$defs/Pet' }, title: 'Pets', type: 'array' },
        at: { maxItems: 2, minItems: 2, prefixItems: [{ type: 'number' }, { type: 'number' }], type: 'array' },
      },
      required: ['pets', 'at'],
      title: 'PetList',
      type: 'object',
    },
    [{ pets: [{ name: 'a', color: 'blue', age: null }, { name: 'b' }], at: [1, 2.5] }],
    [
      { pets: [{ name: 'a', color: 'green' }], at: [1, 2] },
      { pets: [{ name: 'a', age: 0 }], at: [1, 2] },
    ],
  ),
  of(
    'zod',
    {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      properties: {
        id: {
          type: 'string',
          format: 'uuid',
          pattern:
            '^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[1-8][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}|00000000-0000-0000-0000-000000000000)$',
        },
        mail: {
          type: 'string',
          format: 'email',
          pattern:
            "^(?!\\.)(?!.*\\.\\.)([A-Za-z0-9_'+\\-\\.]*)[A-Za-z0-9_+-]@([A-Za-z0-9][A-Za-z0-9\\-]*\\.)+[A-Za-z]{2,}$",
        },
        n: { type: 'integer', minimum: -9007199254740991, maximum: 9007199254740991 },
        tags: { type: 'object', propertyNames: { type: 'string' }, additionalProperties: { type: 'boolean' } },
      },
      required: ['id', 'mail', 'n', 'tags'],
      additionalProperties: false,
    },
    [{ id: '123e4567-e89b-42d3-a456-426614174000', mail: 'a.b@c.de', n: -3, tags: { x: true } }],
    [
      { id: '123e4567-e89b-92d3-a456-426614174000', mail: 'a.b@c.de', n: 1, tags: {} },
      { id: '00000000-0000-0000-0000-000000000000', mail: 'a..b@c.de', n: 1, tags: {} },
    ],
  ),
  of(
    'typebox',
    {
      type: 'object',
      properties: {
        kind: {
          anyOf: [
            { const: 'a', type: 'string' },
            { const: 'b', type: 'string' },
          ],
        },
        nodes: { type: 'array', items: { $ref: 'Node' } },
      },
      required: ['kind', 'nodes'],
      $id: 'Node',
    },
    [{ kind: 'a', nodes: [{ kind: 'b', nodes: [] }] }],
    [{ kind: 'c', nodes: [] }],
  ),
]

/** Schemas as the libraries write them that programs make theirs with. */
const libraries = [
  of(
    'Pydantic: references, unions with null, a discriminator, dates, decimals, paths',
    {
      $defs: {
        Cat: {
          properties: { kind: { const: 'cat', title: 'Kind', type: 'string' } },
          required: ['kind'],
          title: 'Cat',
          type: 'object',
        },
        Dog: {
          properties: { kind: { const: 'dog', title: 'Kind', type: 'string' } },
          required: ['kind'],
          title: 'Dog',
          type: 'object',
        },
      },
      properties: {
        pet: {
          discriminator: { mapping: { cat: '#/$defs/Cat', dog: '#/$defs/Dog' }, propertyName: 'kind' },
          oneOf: [{ $ref: '#/$defs/Cat' }, { $ref: '#/$defs/Dog' }],
          title: 'Pet',
        },
        born: { anyOf: [{ format: 'date', type: 'string' }, { type: 'null' }], default: null, title: 'Born' },
        price: { anyOf: [{ type: 'number' }, { pattern: '^(?!^[-+.]*$)[+-]?0*\\d*\\.?\\d*$', type: 'string' }] },
        photo: { format: 'path', type: 'string' },
        size: { maxItems: 2, minItems: 2, prefixItems: [{ type: 'integer' }, { type: 'integer' }], type: 'array' },
        from: { format: 'ipvanyaddress', type: 'string' },
      },
      required: ['pet'],
      title: 'Owner',
      type: 'object',
      additionalProperties: false,
    },
    [
      { pet: { kind: 'cat' }, born: null },
      { pet: { kind: 'dog' }, born: '2020-02-29', price: '1.50', photo: '/a', size: [1, 2], from: '::1' },
    ],
    [
      { pet: { kind: 'cow' } },
      { pet: { kind: 'cat' }, born: 'x' },
      { pet: { kind: 'cat' }, price: '.' },
      { born: null },
    ],
  ),
  of(
    'Pydantic: a discriminator with a default, which is then not required',
    {
      $defs: {
        Cat: object({ kind: { const: 'cat', default: 'cat', type: 'string' }, name: string }, ['name']),
        Dog: object({ kind: { const: 'dog', default: 'dog', type: 'string' }, name: string }, ['name']),
        Fish: object({ kind: { enum: ['cod', 'eel'], default: 'cod', type: 'string' }, name: string }, ['name']),
      },
      discriminator: { propertyName: 'kind' },
      oneOf: ['Cat', 'Dog', 'Fish'].map(name => ({ $ref: `#/$defs/${name}` })),
    },
    [
      { kind: 'cat', name: 'x' },
      { kind: 'dog', name: 'x' },
      { kind: 'eel', name: 'x' },
    ],
    [{ name: 'x' }, { kind: 'cow', name: 'x' }, { kind: 'cat' }],
  ),
  of(
    'Zod: a format of its own beside its pattern',
    { type: 'string', format: 'nanoid', pattern: '^[a-zA-Z0-9_-]{3}$' },
    ['a_1'],
    ['a', 'a b'],
  ),
  of(
    'Zod: a format that sums up what stands in allOf',
    { type: 'string', format: 'includes', minLength: 3, allOf: [{ pattern: '^ab.*' }, { pattern: 'm' }] },
    ['abm', 'ab m z'],
    ['ab', 'abc'],
  ),
  of('a token of three parts', format('jwt'), ['eyJh.eyJz.SflK-_'], ['eyJh.eyJz', 'a b.c.d']),
  of('a network', format('ipv4network'), ['10.0.0.0/8'], ['10.0.0.0', '10.0.0.0/33']),
  of(
    'keywords that nobody knows describe',
    { type: 'integer', foo: 1, 'x-y': {}, deprecated: true, ui: { widget: 'slider' } },
    [1],
    ['1'],
  ),
  of('one schema as prefixItems', { type: 'array', prefixItems: string }, [[], ['a', 'b']], [[1]]),
]

export const cases: readonly Case[] = [
  ...libraries,
  ...types,
  ...values,
  ...strings,
  ...patterns,
  ...formats,
  ...numbers,
  ...arrays,
  ...objects,
  ...combined,
  ...references,
  ...clients,
]
