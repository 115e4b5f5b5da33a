import { expect, it } from 'vitest'
import { checkLayout } from '../../../../main/engine/libllama/check-layout.ts'

it('names the members of a structure that lie elsewhere in another library, before a call writes over memory', () => {
  const defaults = { n_ctx: 0, n_batch: 512, embeddings: false, later_members: new Uint8Array(2) }
  expect(() => checkLayout('context parameters', defaults, { n_ctx: 512, n_batch: 2048, embeddings: false })).toThrow(
    'libllama has other context parameters than expected: n_ctx, n_batch',
  )
  expect(() => checkLayout('context parameters', defaults, { n_ctx: 0, embeddings: false })).not.toThrow()
})
