/** Marks that turn the direction of what follows them, or end an isolation. */
const turning = /[\u202a-\u202e\u2066-\u2069]/g

/** Letters that are read from the right: Hebrew, Arabic and those beside them; and the mark that counts as one. */
const fromTheRight = /[\u200f\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u

/** A name, or another text from anywhere, as it stands in a sentence: it turns round nothing of the rest. */
export function isolated(text: string): string {
  const plain = text.replace(turning, '')
  return fromTheRight.test(plain) ? `\u2068${plain}\u2069` : plain
}
