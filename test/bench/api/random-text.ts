const words = (
  'the of and to in is that it was for on are with as his they at be this from have or one had by word but not what all ' +
  'were we when your can said there use an each which she do how their if will up other about out many then them these ' +
  'so some her would make like him into time has look two more write go see number no way could people my than first ' +
  'water been call who oil its now find long down day did get come made may part over new sound take only little work'
).split(' ')

/** A text of about so many tokens; the same for the same seed, and from its first word on another for another one. */
export type TextSize = (seed: string, tokens: number) => string

/** @param charactersPerToken of such a text, as the model's tokenizer cuts it */
export function randomText(charactersPerToken: number): TextSize {
  return (seed, tokens) => {
    let state = [...seed].reduce(
      (hash, character) => Math.imul(hash ^ character.charCodeAt(0), 16_777_619),
      2_166_136_261,
    )
    const next = () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
      return words[(state >>> 12) % words.length]!
    }
    let text = next()
    while (text.length < tokens * charactersPerToken) text += ` ${next()}`
    return text
  }
}
