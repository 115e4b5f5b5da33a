import { goQuote } from '../go/text.ts'
import { Problem } from '../problem.ts'

/**
 * A model's name, `[scheme://][host/][namespace/]model[:tag]`, with every missing part filled in
 * (upstream types/model/name.go). The case of each part is kept; comparisons fold it.
 */
export interface ModelName {
  /** `https` unless the person wrote another one in front of the host. */
  readonly scheme: string
  readonly host: string
  readonly namespace: string
  readonly model: string
  readonly tag: string
}

const defaultHost = 'registry.ollama.ai'
const defaultNamespace = 'library'
const defaultTag = 'latest'
const defaultScheme = 'https'

/** First and further characters of each part, and its longest length. */
const grammar = {
  host: /^[A-Za-z0-9_][A-Za-z0-9_.:-]{0,349}$/,
  namespace: /^[A-Za-z0-9_][A-Za-z0-9_-]{0,79}$/,
  model: /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,79}$/,
  tag: /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,79}$/,
} as const

/** Stands for a part that a separator promised and that is not there; no part's grammar allows it. */
const missing = '!MISSING!'

/** Splits at the last separator; undefined where there is none, `missing` for an empty side. */
function cutLast(text: string, separator: string): [before: string, after: string] | undefined {
  const at = text.lastIndexOf(separator)
  if (at < 0) return undefined
  return [text.slice(0, at) || missing, text.slice(at + separator.length) || missing]
}

/** The parts as written; an absent one is the empty string. */
function splitName(text: string): ModelName {
  let rest = text
  let tag = ''
  if (rest.lastIndexOf(':') > rest.lastIndexOf('/')) [rest, tag] = cutLast(rest, ':')!
  const model = cutLast(rest, '/')
  if (!model) return { scheme: '', host: '', namespace: '', model: rest, tag }
  const namespace = cutLast(model[0], '/')
  if (!namespace) return { scheme: '', host: '', namespace: model[0], model: model[1], tag }
  const at = namespace[0].indexOf('://')
  const scheme = at < 0 ? '' : namespace[0].slice(0, at)
  const host = at < 0 ? namespace[0] : namespace[0].slice(at + 3)
  return { scheme, host, namespace: namespace[1], model: model[1], tag }
}

/**
 * Reads a name and fills in the defaults: registry.ollama.ai, library, latest.
 * @returns undefined when any part breaks the grammar
 */
export function parseModelName(text: string): ModelName | undefined {
  const written = splitName(text)
  const name: ModelName = {
    scheme: written.scheme || defaultScheme,
    host: written.host || defaultHost,
    namespace: written.namespace || defaultNamespace,
    model: written.model,
    tag: written.tag || defaultTag,
  }
  return isValidName(name) ? name : undefined
}

/** Whether every part obeys the grammar; a valid name can never leave the manifests folder. */
export function isValidName(name: Omit<ModelName, 'scheme'>): boolean {
  return (
    grammar.host.test(name.host) &&
    grammar.namespace.test(name.namespace) &&
    grammar.model.test(name.model) &&
    grammar.tag.test(name.tag)
  )
}

/** Equal but for ASCII case, which is all the case the grammar has. */
export function equalFold(a: string, b: string): boolean {
  return a.length === b.length && a.toLowerCase() === b.toLowerCase()
}

/** The same model, whatever the case it is written in. The scheme says how to fetch, not what. */
export function sameModel(a: ModelName, b: ModelName): boolean {
  return foldedKey(a) === foldedKey(b)
}

/** A key equal for all spellings of one model. */
export function foldedKey(name: ModelName): string {
  return fullName(name).toLowerCase()
}

/** What people see: default host and namespace left out, the tag always there (`llama3:latest`, `mike/m:latest`). */
export function displayShortest(name: ModelName): string {
  const model = `${name.model}:${name.tag}`
  if (!equalFold(name.host, defaultHost)) return `${name.host}/${name.namespace}/${model}`
  return equalFold(name.namespace, defaultNamespace) ? model : `${name.namespace}/${model}`
}

/** `host/namespace/model:tag`, as capability errors print it. */
export function fullName(name: ModelName): string {
  return `${name.host}/${name.namespace}/${name.model}:${name.tag}`
}

/** Where a request wants its model run: here, at ollama.com, or wherever it is found. */
export type ModelSource = 'unspecified' | 'local' | 'cloud'

export interface ModelReference {
  readonly name: ModelName
  /** The text without its source suffix. */
  readonly base: string
  readonly source: ModelSource
}

/**
 * Reads the `model` field of a request: a name that may end in `:local`, `:cloud` or `-cloud`
 * (upstream internal/modelref/modelref.go).
 * @throws Problem 400 `model is required`, `invalid model name`, or two suffixes at once
 */
export function parseModelReference(raw: string): ModelReference {
  const text = raw.trim()
  if (text === '') throw new Problem('invalid-request', 400, 'model is required')
  const { base, source } = cutSource(text)
  if (source !== 'unspecified' && cutSource(base).source !== 'unspecified') {
    throw new Problem('invalid-request', 400, `use either :local or :cloud, not both: ${goQuote(text)}`)
  }
  const name = parseModelName(base)
  if (!name) throw new Problem('invalid-request', 400, 'invalid model name')
  return { name, base, source }
}

/**
 * The name under which a cloud model's stub is stored, for pull and delete: `m:cloud` is tag `cloud`, `m:8b:cloud`
 * is tag `8b-cloud`. Other names stay as they are.
 * @throws Problem as `parseModelReference`
 */
export function storedName(raw: string): ModelName {
  const { name, base, source } = parseModelReference(raw)
  if (source !== 'cloud') return name
  const tagged = base.lastIndexOf(':') > base.lastIndexOf('/')
  return { ...name, tag: tagged ? `${name.tag}-cloud` : 'cloud' }
}

function cutSource(text: string): { base: string; source: ModelSource } {
  const at = text.lastIndexOf(':')
  if (at < 0) return { base: text, source: 'unspecified' }
  const suffix = text.slice(at + 1).trim()
  const folded = suffix.toLowerCase()
  if (folded === 'cloud' || folded === 'local') return { base: text.slice(0, at), source: folded }
  if (folded.endsWith('-cloud') && !suffix.includes('/')) {
    return { base: text.slice(0, at + 1) + suffix.slice(0, -'-cloud'.length), source: 'cloud' }
  }
  return { base: text, source: 'unspecified' }
}
