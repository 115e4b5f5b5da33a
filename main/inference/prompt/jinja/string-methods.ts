import { bind } from './arguments.ts'
import { JinjaError } from './error.ts'
import { formatBraces } from './text-format.ts'
import { type CallArguments, codePoints, integer, iterate, Tuple, text, type Value } from './values.ts'

type Method = (self: string, args: CallArguments) => Value

/** The methods of Python's str that templates use. */
export const stringMethods: ReadonlyMap<string, Method> = new Map<string, Method>([
  ['upper', self => self.toUpperCase()],
  ['lower', self => self.toLowerCase()],
  ['casefold', self => self.toLowerCase()],
  ['capitalize', self => capitalize(self)],
  ['title', self => title(self)],
  ['swapcase', self => [...self].map(c => (c === c.toUpperCase() ? c.toLowerCase() : c.toUpperCase())).join('')],
  ['strip', (self, args) => strip('strip', self, args, true, true)],
  ['lstrip', (self, args) => strip('lstrip', self, args, true, false)],
  ['rstrip', (self, args) => strip('rstrip', self, args, false, true)],
  ['split', (self, args) => split('split', self, args, false)],
  ['rsplit', (self, args) => split('rsplit', self, args, true)],
  ['splitlines', (self, args) => splitLines(self, args)],
  [
    'partition',
    (self, args) =>
      partition(self, separatorOf('partition', args), self.indexOf(separatorOf('partition', args)), false),
  ],
  [
    'rpartition',
    (self, args) =>
      partition(self, separatorOf('rpartition', args), self.lastIndexOf(separatorOf('rpartition', args)), true),
  ],
  ['join', (self, args) => join(self, bind('join', args, ['iterable']).required('iterable'))],
  ['replace', (self, args) => replace(self, args)],
  ['startswith', (self, args) => hasAffix('startswith', self, args)],
  ['endswith', (self, args) => hasAffix('endswith', self, args)],
  [
    'removeprefix',
    (self, args) => withoutPrefix(self, text(bind('removeprefix', args, ['prefix']).required('prefix'), 'prefix')),
  ],
  [
    'removesuffix',
    (self, args) => withoutSuffix(self, text(bind('removesuffix', args, ['suffix']).required('suffix'), 'suffix')),
  ],
  ['find', (self, args) => find('find', self, args, false)],
  ['rfind', (self, args) => find('rfind', self, args, true)],
  ['index', (self, args) => found(find('index', self, args, false))],
  ['rindex', (self, args) => found(find('rindex', self, args, true))],
  ['count', (self, args) => count(self, args)],
  ['format', (self, { positional, named }) => formatBraces(self, positional, named)],
  ['zfill', (self, args) => zeroFill(self, integer(bind('zfill', args, ['width']).required('width'), 'width'))],
  ['center', (self, args) => justify('center', self, args)],
  ['ljust', (self, args) => justify('ljust', self, args)],
  ['rjust', (self, args) => justify('rjust', self, args)],
  ['isdigit', self => /^\p{Nd}+$/u.test(self)],
  ['isdecimal', self => /^\p{Nd}+$/u.test(self)],
  ['isnumeric', self => /^\p{N}+$/u.test(self)],
  ['isalpha', self => /^\p{L}+$/u.test(self)],
  ['isalnum', self => /^[\p{L}\p{N}]+$/u.test(self)],
  ['isascii', self => /^[\x00-\x7f]*$/.test(self)],
  ['isspace', self => self !== '' && self.trim() === ''],
  ['islower', self => self.toLowerCase() === self && self.toUpperCase() !== self],
  ['isupper', self => self.toUpperCase() === self && self.toLowerCase() !== self],
])

export function capitalize(self: string): string {
  const [first = '', ...rest] = self
  return first.toUpperCase() + rest.join('').toLowerCase()
}

function title(self: string): string {
  return self.replace(/\p{L}+/gu, capitalize)
}

/** Takes characters off the ends: white space, or those of a given text. */
export function stripped(self: string, characters: Value | undefined, left: boolean, right: boolean): string {
  if (characters === undefined || characters === null) {
    return left && right ? self.trim() : left ? self.trimStart() : self.trimEnd()
  }
  const set = new Set(text(characters, 'strip arg'))
  const all = [...self]
  let [from, to] = [0, all.length]
  if (left) while (from < to && set.has(all[from]!)) from++
  if (right) while (to > from && set.has(all[to - 1]!)) to--
  return all.slice(from, to).join('')
}

function strip(name: string, self: string, args: CallArguments, left: boolean, right: boolean): string {
  return stripped(self, bind(name, args, ['chars']).optional('chars'), left, right)
}

function split(name: string, self: string, args: CallArguments, fromRight: boolean): Value {
  const bound = bind(name, args, ['sep', 'maxsplit'])
  const separator = bound.optional('sep') ?? null
  const most = integer(bound.optional('maxsplit') ?? -1, 'maxsplit')
  if (separator === null) return splitAtBlanks(self, most, fromRight)
  const mark = text(separator, 'sep')
  if (mark === '') throw new JinjaError('empty separator')
  const parts = self.split(mark)
  if (most < 0 || parts.length <= most + 1) return parts
  if (fromRight) return [parts.slice(0, parts.length - most).join(mark), ...parts.slice(parts.length - most)]
  return [...parts.slice(0, most), parts.slice(most).join(mark)]
}

function splitAtBlanks(self: string, most: number, fromRight: boolean): string[] {
  const words = self.match(/\S+/g) ?? []
  if (most < 0 || words.length <= most) return words
  if (fromRight) {
    const tail = most === 0 ? [] : words.slice(-most)
    let head = self.trimEnd()
    for (const word of tail.toReversed()) head = head.slice(0, head.lastIndexOf(word)).trimEnd()
    return head === '' ? tail : [head, ...tail]
  }
  const head = words.slice(0, most)
  let rest = self.trimStart()
  for (const word of head) rest = rest.slice(word.length).trimStart()
  return rest === '' ? head : [...head, rest]
}

function splitLines(self: string, args: CallArguments): string[] {
  const keepEnds = bind('splitlines', args, ['keepends']).optional('keepends') === true
  const lines = self.match(/[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]*(?:\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]|$)/g) ?? []
  if (lines.at(-1) === '') lines.pop()
  return keepEnds ? [...lines] : lines.map(line => line.replace(/(?:\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029])$/, ''))
}

function separatorOf(name: string, args: CallArguments): string {
  const separator = text(bind(name, args, ['sep']).required('sep'), 'sep')
  if (separator === '') throw new JinjaError('empty separator')
  return separator
}

function partition(self: string, separator: string, at: number, fromRight: boolean): Value {
  if (at < 0) return new Tuple(fromRight ? ['', '', self] : [self, '', ''])
  return new Tuple([self.slice(0, at), separator, self.slice(at + separator.length)])
}

function join(self: string, items: Value): string {
  return iterate(items)
    .map((item, index) => text(item, `sequence item ${index}:`))
    .join(self)
}

function replace(self: string, args: CallArguments): string {
  const bound = bind('replace', args, ['old', 'new', 'count'])
  const most = integer(bound.optional('count') ?? -1, 'count')
  return replaced(self, text(bound.required('old'), 'old'), text(bound.required('new'), 'new'), most)
}

export function replaced(self: string, old: string, by: string, most: number): string {
  if (most < 0 && old !== '') return self.replaceAll(old, () => by)
  const parts = old === '' ? ['', ...self, ''] : self.split(old)
  const limit = most < 0 ? parts.length : most
  return parts.reduce((out, part, index) => out + (index <= limit ? by : old) + part)
}

function hasAffix(name: 'startswith' | 'endswith', self: string, args: CallArguments): boolean {
  const affix = bind(name, args, ['affix']).required('affix')
  const test = (candidate: Value) => {
    const wanted = text(candidate, `${name} first arg`)
    return name === 'startswith' ? self.startsWith(wanted) : self.endsWith(wanted)
  }
  return affix instanceof Tuple ? affix.items.some(test) : test(affix)
}

function withoutPrefix(self: string, prefix: string): string {
  return self.startsWith(prefix) ? self.slice(prefix.length) : self
}

function withoutSuffix(self: string, suffix: string): string {
  return suffix !== '' && self.endsWith(suffix) ? self.slice(0, -suffix.length) : self
}

/** An offset in code points, -1 when the text is not there. */
function find(name: string, self: string, args: CallArguments, last: boolean): number {
  const bound = bind(name, args, ['sub', 'start', 'end'])
  const sub = text(bound.required('sub'), 'sub')
  const all = [...self]
  const [start, end] = range(bound.optional('start'), bound.optional('end'), all.length)
  const part = all.slice(start, end).join('')
  const at = last ? part.lastIndexOf(sub) : part.indexOf(sub)
  return at < 0 ? -1 : start + codePoints(part.slice(0, at))
}

function found(at: number): number {
  if (at < 0) throw new JinjaError('substring not found')
  return at
}

function range(start: Value | undefined, end: Value | undefined, length: number): [number, number] {
  const bound = (value: Value | undefined, fallback: number) => {
    if (value === undefined || value === null) return fallback
    const at = integer(value, 'slice index')
    return Math.min(length, at < 0 ? Math.max(0, at + length) : at)
  }
  return [bound(start, 0), bound(end, length)]
}

function count(self: string, args: CallArguments): number {
  const sub = text(bind('count', args, ['sub']).required('sub'), 'sub')
  return sub === '' ? codePoints(self) + 1 : self.split(sub).length - 1
}

function zeroFill(self: string, width: number): string {
  const sign = /^[+-]/.exec(self)?.[0] ?? ''
  return sign + self.slice(sign.length).padStart(limited(width) - sign.length, '0')
}

function justify(name: 'center' | 'ljust' | 'rjust', self: string, args: CallArguments): string {
  const bound = bind(name, args, ['width', 'fillchar'])
  const fill = text(bound.optional('fillchar') ?? ' ', 'fillchar')
  const missing = limited(integer(bound.required('width'), 'width')) - codePoints(self)
  if (missing <= 0) return self
  if (name !== 'center') return name === 'ljust' ? self + fill.repeat(missing) : fill.repeat(missing) + self
  // Python gives the odd blank to the left when the width is odd.
  const left = Math.floor(missing / 2) + (missing & (missing + codePoints(self)) & 1)
  return fill.repeat(left) + self + fill.repeat(missing - left)
}

/** A template must not ask for gigabytes of blanks. */
function limited(width: number): number {
  if (width > 1_000_000) throw new JinjaError('the width is too large')
  return width
}
