/** Groups within each other are kept to this depth, as a regular expression cannot count them. */
const depth = 3

const escaped = '\\\\(?:[dDwWsSnrt]|[.*+?^$|(){}\\[\\]\\\\/])'
// Ranges of the usual kinds alone: another may run backwards.
const inClass = `a-z|A-Z|0-9|[a-zA-Z0-9_ .,:;@#%&=!<>'"~+*?(){}/]|\\\\-|${escaped}`
const one = `[a-zA-Z0-9_ ,:;@#%&=!<>'"~./-]|${escaped}|\\[\\^?(?:${inClass})+\\]`
const counts = '[0-9]{1,2},?|[01],[1-9][0-9]?|2,[2-9]|3,[3-9]|4,[4-9]|[2-9],[1-9][0-9]|[0-9]{1,2},[1-9][0-9]{2}'
const repeated = `(?:[*+?]|\\{(?:${counts})\\})\\??`

function nested(groups: number): string {
  const atom = groups === 0 ? one : `${one}|\\((?:\\?:)?${nested(groups - 1)}\\)`
  return `(?:[$^|]|\\\\[bB]|(?:${atom})(?:${repeated})?)*`
}

/** Texts that are regular expressions themselves, also with the flag `u` (ECMA-262 §22.2.1), in ASCII. */
export const regularExpression = nested(depth)
