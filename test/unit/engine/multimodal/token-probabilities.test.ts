import { describe, expect, it } from 'vitest'
import { tokenLogprob } from '../../../../main/engine/multimodal/token-probabilities.ts'

const entry = {
  content: 'A',
  probs: [
    { tok_str: 'A', prob: 0.5 },
    { tok_str: 'byte: \\xe4', prob: 0.25 },
    { tok_str: '<|im_end|>', prob: 0 },
  ],
}
const visible = (text: string) => text !== '<|im_end|>'

describe('tokenLogprob', () => {
  it('gives logarithms, whole characters and bytes', () => {
    const lowest = -3.4028234663852886e38
    expect(tokenLogprob(entry, 3, visible)).toEqual({
      token: 'A',
      logprob: Math.log(0.5),
      bytes: [65],
      top: [
        { token: 'A', logprob: Math.log(0.5), bytes: [65] },
        { token: '', logprob: Math.log(0.25), bytes: [0xe4] },
        { token: '', logprob: lowest, bytes: [] },
      ],
    })
  })

  it('leaves alternatives out where none are wanted, and knows a token that is not among them', () => {
    expect(tokenLogprob(entry, 0, visible)).not.toHaveProperty('top')
    expect(tokenLogprob({ ...entry, content: 'B' }, 1, visible).logprob).toBeLessThan(-1e38)
  })
})
