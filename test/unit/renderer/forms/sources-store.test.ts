import { expect, it } from 'vitest'
import {
  addSource,
  changeSources,
  handedOver,
  listed,
  sourcesOf,
} from '../../../../renderer/features/forms/fill/sources-store.ts'

const receipt = (name: string) => ({ source: { kind: 'document' as const, name, hash: name }, remarks: [] })

it('takes off the list what a queue has, and keeps what came while it was handed over', () => {
  const formId = 'handing-over'
  changeSources(formId, { text: 'typed' })
  addSource(formId, receipt('first'))
  addSource(formId, receipt('second'))
  const queued = listed(sourcesOf(formId))
  addSource(formId, receipt('late'))
  // The second batch of them failed.
  handedOver(formId, queued.slice(0, 2))
  expect(listed(sourcesOf(formId))).toMatchObject([{ name: 'second' }, { name: 'late' }])
})

it('keeps a text that was changed while it was handed over', () => {
  const formId = 'typing-on'
  changeSources(formId, { text: 'typed' })
  const queued = listed(sourcesOf(formId))
  changeSources(formId, { text: 'typed on' })
  handedOver(formId, queued)
  expect(sourcesOf(formId).text).toBe('typed on')
})
