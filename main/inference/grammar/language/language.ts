import { type CodePoints, contains, everyCodePoint, intersection, partition, union } from './code-points.ts'

/**
 * A regular language over Unicode scalar values, built so that intersection, complement and counting stay small and a
 * deterministic automaton falls out of Brzozowski's derivatives. Equal forms of one `Languages` are the same object.
 */
export interface Language {
  readonly id: number
  /** Whether the empty text belongs to it. */
  readonly nullable: boolean
  readonly form: Form
}

type Form =
  | { readonly kind: 'empty' }
  | { readonly kind: 'epsilon' }
  | { readonly kind: 'chars'; readonly set: CodePoints }
  | { readonly kind: 'sequence'; readonly first: Language; readonly rest: Language }
  | { readonly kind: 'or' | 'and'; readonly parts: readonly Language[] }
  | { readonly kind: 'not'; readonly part: Language }
  | { readonly kind: 'repeat'; readonly part: Language; readonly min: number; readonly max: number }
  | ({ readonly kind: 'multiple' } & Multiple)

/**
 * Decimal numbers, read digit by digit, whose value times 10^places is a multiple of `of`; `remainder` is that of the
 * digits read so far, `placesLeft` counts the digits that may still come behind the point (undefined before the point).
 */
interface Multiple {
  readonly of: number
  readonly remainder: number
  readonly places: number
  readonly placesLeft?: number
}

/** Thrown for a language that is too large, or beyond what texts of numbers can keep. */
export class UnsupportedLanguage extends Error {}

export function tooLarge(): UnsupportedLanguage {
  return new UnsupportedLanguage('it describes too many cases')
}

const point = 0x2e

/** Half a character, as a JSON escape can smuggle one in. */
export function hasLoneSurrogate(text: string): boolean {
  return /\p{Surrogate}/u.test(text)
}

/** Makes languages and their derivatives; one per conversion, so that what it remembers goes with it. */
export class Languages {
  readonly #known = new Map<string, Language>()
  readonly #derivatives = new Map<Language, Map<number, Language>>()
  readonly #partitions = new Map<string, CodePoints[]>()
  #steps: number

  readonly none: Language
  readonly empty: Language
  readonly anything: Language
  readonly anyCharacter: Language

  /** @param steps parts of languages that may be looked at before UnsupportedLanguage is thrown */
  constructor(steps: number) {
    this.#steps = steps
    this.none = this.#make('0', false, { kind: 'empty' })
    this.empty = this.#make('1', true, { kind: 'epsilon' })
    this.anyCharacter = this.chars(everyCodePoint)
    this.anything = this.repeat(this.anyCharacter, 0, Number.POSITIVE_INFINITY)
  }

  chars(set: CodePoints): Language {
    return set.length === 0 ? this.none : this.#make(`c${set.join(' ')}`, false, { kind: 'chars', set })
  }

  /** Exactly this text; surrogates without a partner belong to no language. */
  text(text: string): Language {
    if (hasLoneSurrogate(text)) return this.none
    const codes = [...text].map(character => character.codePointAt(0)!)
    return this.sequence(...codes.map(code => this.chars([[code, code]])))
  }

  sequence(...parts: Language[]): Language {
    return parts.reduceRight((rest, part) => this.#pair(part, rest), this.empty)
  }

  or(...parts: Language[]): Language {
    const flat = new Set<Language>()
    let set: CodePoints = []
    for (const part of parts.flatMap(part => (part.form.kind === 'or' ? part.form.parts : [part]))) {
      if (part === this.anything) return part
      if (part.form.kind === 'chars') set = union(set, part.form.set)
      else if (part !== this.none) flat.add(part)
    }
    if (set.length > 0) flat.add(this.chars(set))
    return this.#several('or', flat, this.none)
  }

  and(...parts: Language[]): Language {
    const flat = new Set<Language>()
    let set: CodePoints | undefined
    for (const part of parts.flatMap(part => (part.form.kind === 'and' ? part.form.parts : [part]))) {
      if (part === this.none) return part
      if (part.form.kind === 'chars') set = set ? intersection(set, part.form.set) : part.form.set
      else if (part !== this.anything) flat.add(part)
    }
    if (set?.length === 0) return this.none
    if (set) flat.add(this.chars(set))
    if (flat.has(this.empty)) return [...flat].every(part => part.nullable) ? this.empty : this.none
    return this.#several('and', flat, this.anything)
  }

  not(part: Language): Language {
    if (part === this.none) return this.anything
    if (part === this.anything) return this.none
    if (part.form.kind === 'not') return part.form.part
    return this.#make(`n${part.id}`, !part.nullable, { kind: 'not', part })
  }

  /** @param max Infinity for no upper bound */
  repeat(part: Language, min: number, max: number): Language {
    if (max === 0 || part === this.empty) return this.empty
    if (part === this.none) return min === 0 ? this.empty : this.none
    if (min === 1 && max === 1) return part
    const { form } = part
    if (form.kind === 'repeat' && form.max === Number.POSITIVE_INFINITY && form.min <= 1) {
      return form.min === 0 || min === 1 ? part : this.repeat(form.part, min, Number.POSITIVE_INFINITY)
    }
    const least = part.nullable ? 0 : min
    return this.#make(`r${part.id} ${least} ${max}`, least === 0, { kind: 'repeat', part, min: least, max })
  }

  /** Decimal numbers (with a sign and a fraction of at most `places` digits) that are multiples of `of` / 10^places. */
  multiplesOf(of: number, places: number): Language {
    // Trailing zeros are told by the last digits alone, not by a remainder for every number below.
    let zeros = 0
    for (let rest = of; places === 0 && rest % 10 === 0; rest /= 10) zeros++
    const multiples = this.#multiple({ of: of / 10 ** zeros, places, remainder: 0 })
    return zeros === 0 ? multiples : this.or(this.text('0'), this.sequence(multiples, this.text('0'.repeat(zeros))))
  }

  /** What may follow after the text began with this character. */
  derivative(of: Language, code: number): Language {
    // The thousandth value of an enumeration is dismissed by its first character, at no cost.
    const first = of.form.kind === 'sequence' ? of.form.first.form : of.form
    if (first.kind === 'chars' && !contains(first.set, code)) return this.none
    const known = this.#derivatives.get(of) ?? new Map<number, Language>()
    this.#derivatives.set(of, known)
    const before = known.get(code)
    if (before) return before
    this.#spend(1)
    const after = this.#derive(of.form, code)
    known.set(code, after)
    return after
  }

  /** Disjoint sets of all characters such that within each every character has the same derivative. */
  blocks(of: Language): readonly CodePoints[] {
    const sets = new Map<number, CodePoints>()
    const visit = ({ id, form }: Language): void => {
      this.#spend(1)
      if (form.kind === 'chars') {
        // Classes such as \p{L} have hundreds of ranges.
        this.#spend(form.set.length >> 3)
        sets.set(id, form.set)
      } else if (form.kind === 'sequence') {
        visit(form.first)
        if (form.first.nullable) visit(form.rest)
      } else if (form.kind === 'or' || form.kind === 'and') form.parts.forEach(visit)
      else if (form.kind === 'not' || form.kind === 'repeat') visit(form.part)
      else if (form.kind === 'multiple') for (const code of numeric) sets.set(-code, [[code, code]])
    }
    visit(of)
    // Neighbouring states begin with the same few sets over and over.
    const key = [...sets.keys()].sort((a, b) => a - b).join(' ')
    const known = this.#partitions.get(key) ?? partition([...sets.values()])
    this.#partitions.set(key, known)
    return known
  }

  matches(language: Language, text: string): boolean {
    let rest = language
    for (const character of text) {
      const code = character.codePointAt(0)!
      if (code >= 0xd800 && code <= 0xdfff) return false
      rest = this.derivative(rest, code)
      if (rest === this.anything) return true
      if (rest === this.none) return false
    }
    return rest.nullable
  }

  #derive(form: Form, code: number): Language {
    switch (form.kind) {
      case 'empty':
      case 'epsilon':
        return this.none
      case 'chars':
        return contains(form.set, code) ? this.empty : this.none
      case 'sequence': {
        const through = this.#pair(this.derivative(form.first, code), form.rest)
        return form.first.nullable ? this.or(through, this.derivative(form.rest, code)) : through
      }
      case 'or':
        return this.or(...form.parts.map(part => this.derivative(part, code)))
      case 'and':
        return this.and(...form.parts.map(part => this.derivative(part, code)))
      case 'not':
        return this.not(this.derivative(form.part, code))
      case 'repeat':
        return this.#pair(
          this.derivative(form.part, code),
          this.repeat(form.part, Math.max(form.min - 1, 0), form.max - 1),
        )
      case 'multiple':
        return this.#deriveMultiple(form, code)
    }
  }

  #deriveMultiple({ of, remainder, places, placesLeft }: Multiple, code: number): Language {
    if (code === 0x2d) return this.#multiple({ of, remainder, places, placesLeft })
    if (code === point)
      return placesLeft === undefined ? this.#multiple({ of, remainder, places, placesLeft: places }) : this.none
    if (code < 0x30 || code > 0x39 || placesLeft === 0) return this.none
    const left = placesLeft === undefined ? undefined : placesLeft - 1
    return this.#multiple({ of, places, placesLeft: left, remainder: (remainder * 10 + code - 0x30) % of })
  }

  #multiple(form: Multiple): Language {
    let remainder = form.remainder
    for (let i = form.placesLeft ?? form.places; i > 0; i--) remainder = (remainder * 10) % form.of
    const key = `m${form.of} ${form.remainder} ${form.places} ${form.placesLeft ?? 'before'}`
    return this.#make(key, remainder === 0, { kind: 'multiple', ...form })
  }

  #pair(first: Language, rest: Language): Language {
    if (first === this.none || rest === this.none) return this.none
    if (first === this.empty) return rest
    if (rest === this.empty) return first
    this.#spend(1)
    // Leaning to the right keeps derivatives of long texts one step deep.
    if (first.form.kind === 'sequence') return this.#pair(first.form.first, this.#pair(first.form.rest, rest))
    return this.#make(`s${first.id} ${rest.id}`, first.nullable && rest.nullable, { kind: 'sequence', first, rest })
  }

  #spend(steps: number): void {
    this.#steps -= steps
    if (this.#steps < 0) throw tooLarge()
  }

  #several(kind: 'or' | 'and', parts: Set<Language>, neutral: Language): Language {
    this.#spend(parts.size)
    const sorted = [...parts].sort((a, b) => a.id - b.id)
    if (sorted.length < 2) return sorted[0] ?? neutral
    const nullable = kind === 'or' ? sorted.some(part => part.nullable) : sorted.every(part => part.nullable)
    return this.#make(`${kind}${sorted.map(part => part.id).join(' ')}`, nullable, { kind, parts: sorted })
  }

  #make(key: string, nullable: boolean, form: Form): Language {
    const known = this.#known.get(key)
    if (known) return known
    const made = { id: this.#known.size, nullable, form }
    this.#known.set(key, made)
    return made
  }
}

const numeric = [0x2d, point, ...Array.from({ length: 10 }, (_, digit) => 0x30 + digit)]
