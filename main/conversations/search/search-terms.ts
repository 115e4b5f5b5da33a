import { fold } from '../../../preload/contract-fold.ts'

/** Most terms of one search; more only narrow what is empty already. */
const most = 16
/** Longest term, in code units; a longer one is a text somebody pasted, and its beginning finds it. */
const longest = 200

/**
 * What a person typed, as folded terms that must all occur: words between spaces, or whole phrases in quotes. A single
 * quotation mark is a letter like any other.
 */
export function searchTerms(query: string): string[] {
  const found = [...query.matchAll(/["“”]([^"“”]+)["“”]|\S+/g)].map(match => fold(match[1] ?? match[0]).trim())
  return [...new Set(found.map(term => term.slice(0, longest)))].filter(term => term !== '').slice(0, most)
}
