import { unusable } from '../unusable.ts'

/**
 * One object of a JSON file. A field that is absent, null or zero counts as not given, as it does in Go, and the next
 * of its names is tried; one of another type than asked for is refused by name.
 */
export class Fields {
  readonly #values: Readonly<Record<string, unknown>>

  /** @param file what errors call it, e.g. `config.json` */
  constructor(
    readonly file: string,
    values: unknown,
  ) {
    if (typeof values !== 'object' || values === null || Array.isArray(values)) {
      throw unusable(`parse ${file}: it holds no object`)
    }
    this.#values = values as Record<string, unknown>
  }

  /** The object's own fields, in file order. */
  entries(): [string, unknown][] {
    return Object.entries(this.#values)
  }

  get(name: string): unknown {
    return Object.hasOwn(this.#values, name) ? this.#values[name] : undefined
  }

  has(name: string): boolean {
    return (this.get(name) ?? null) !== null
  }

  /** A count of layers, heads, tokens: what GGUF stores in 32 bits. */
  count(...names: readonly string[]): number | undefined {
    return this.#first(names, 'a whole number', value => Number.isInteger(value) && value >= 0 && value < 2 ** 32)
  }

  /** @throws Problem when none of the names has a value above zero */
  neededCount(...names: readonly string[]): number {
    const count = this.count(...names)
    if (count === undefined) throw unusable(`parse ${this.file}: ${JSON.stringify(names[0])} is missing`)
    return count
  }

  number(...names: readonly string[]): number | undefined {
    return this.#first(names, 'a number', Number.isFinite)
  }

  text(...names: readonly string[]): string | undefined {
    for (const name of names) {
      const value = this.get(name) ?? ''
      if (typeof value !== 'string') throw this.#wrong(name, 'a text')
      if (value !== '') return value
    }
    return undefined
  }

  flag(name: string): boolean | undefined {
    const value = this.get(name) ?? undefined
    if (value !== undefined && typeof value !== 'boolean') throw this.#wrong(name, 'true or false')
    return value
  }

  list(name: string): readonly unknown[] {
    const value = this.get(name) ?? []
    if (!Array.isArray(value)) throw this.#wrong(name, 'a list')
    return value
  }

  numbers(name: string): readonly number[] {
    const values = this.list(name)
    if (!values.every(value => typeof value === 'number' && Number.isFinite(value))) {
      throw this.#wrong(name, 'a list of numbers')
    }
    return values as number[]
  }

  texts(name: string): readonly string[] {
    const values = this.list(name)
    if (!values.every(value => typeof value === 'string')) throw this.#wrong(name, 'a list of texts')
    return values as string[]
  }

  /** An object inside; without fields when it is not given. */
  section(name: string): Fields {
    return new Fields(this.file, this.get(name) ?? {})
  }

  #first(names: readonly string[], what: string, holds: (value: number) => boolean): number | undefined {
    for (const name of names) {
      const value = this.get(name) ?? 0
      if (typeof value !== 'number' || !holds(value)) throw this.#wrong(name, what)
      if (value !== 0) return value
    }
    return undefined
  }

  #wrong(name: string, what: string) {
    return unusable(`parse ${this.file}: ${JSON.stringify(name)} is not ${what}`)
  }
}
