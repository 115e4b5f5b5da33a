import type { Language, Languages } from './language.ts'
import { type Expression, parseExpression, UnsupportedExpression } from './regular-expression.ts'

/**
 * The texts a JSON-schema `pattern` accepts: as there, the expression may match anywhere unless it is anchored.
 * @throws UnsupportedExpression
 */
export function patternLanguage(languages: Languages, source: string): Language {
  const expression = parseExpression(source)
  const { anything, anyCharacter } = languages
  const atStart = follow(languages, expression, anything, true)
  const later = languages.sequence(anyCharacter, anything, follow(languages, expression, anything, false))
  return languages.or(atStart, later)
}

/**
 * Texts that match the expression and then `rest`. Anchors and lookahead speak about what follows them, which is why
 * the rest is handed in instead of appended.
 * @param start whether nothing stands before the expression
 */
function follow(languages: Languages, expression: Expression, rest: Language, start: boolean): Language {
  if (!looksAround(expression)) return languages.sequence(plain(languages, expression), rest)
  switch (expression.kind) {
    case 'start':
      return start ? rest : languages.none
    case 'end':
      return rest.nullable ? languages.empty : languages.none
    case 'lookahead': {
      const ahead = follow(languages, expression.part, languages.anything, start)
      return languages.and(expression.negative ? languages.not(ahead) : ahead, rest)
    }
    case 'either':
      return languages.or(...expression.parts.map(part => follow(languages, part, rest, start)))
    case 'sequence':
      return followSequence(languages, expression.parts, rest, start)
    case 'repeat': {
      const { part, min, max } = expression
      if (max > 1) throw new UnsupportedExpression('an anchor or lookahead is repeated')
      const once = max === 1 ? follow(languages, part, rest, start) : languages.none
      return min === 0 ? languages.or(once, rest) : once
    }
    case 'set':
      throw new Error('a set looks nowhere')
  }
}

function followSequence(languages: Languages, parts: readonly Expression[], rest: Language, start: boolean): Language {
  let nothingBefore: boolean | 'perhaps' = start
  const starts = parts.map(part => {
    if (nothingBefore === 'perhaps' && holds(part, 'start')) {
      throw new UnsupportedExpression('"^" stands behind something optional')
    }
    const before = nothingBefore === true
    if (nothingBefore && !zeroWidth(part)) nothingBefore = mayBeEmpty(part) ? 'perhaps' : false
    return before
  })
  return parts.reduceRight((following, part, i) => follow(languages, part, following, starts[i]!), rest)
}

function plain(languages: Languages, expression: Expression): Language {
  switch (expression.kind) {
    case 'set':
      return languages.chars(expression.set)
    case 'sequence':
      return languages.sequence(...expression.parts.map(part => plain(languages, part)))
    case 'either':
      return languages.or(...expression.parts.map(part => plain(languages, part)))
    case 'repeat':
      return languages.repeat(plain(languages, expression.part), expression.min, expression.max)
    default:
      throw new Error('what looks around is not plain')
  }
}

function looksAround(expression: Expression): boolean {
  return holds(expression, 'start') || holds(expression, 'end') || holds(expression, 'lookahead')
}

function holds(expression: Expression, kind: Expression['kind']): boolean {
  if (expression.kind === kind) return true
  if ('parts' in expression) return expression.parts.some(part => holds(part, kind))
  return 'part' in expression && holds(expression.part, kind)
}

function zeroWidth(expression: Expression): boolean {
  if (expression.kind === 'set') return false
  if ('parts' in expression) return expression.parts.every(zeroWidth)
  return expression.kind === 'repeat' ? expression.max === 0 || zeroWidth(expression.part) : true
}

function mayBeEmpty(expression: Expression): boolean {
  if (expression.kind === 'set') return false
  if (expression.kind === 'sequence') return expression.parts.every(mayBeEmpty)
  if (expression.kind === 'either') return expression.parts.some(mayBeEmpty)
  return expression.kind === 'repeat' ? expression.min === 0 || mayBeEmpty(expression.part) : true
}
