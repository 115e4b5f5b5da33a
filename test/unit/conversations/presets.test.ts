import { expect, test } from 'vitest'
import type { Preset } from '../../../preload/contract.ts'
import { hearth } from './opened-hearth.ts'

const tuning = { system: 'Be \ud800kind.', parameters: { temperature: 0.2 } }

test('presets are kept, renamed, deleted and told by name, also after a restart', async () => {
  const { home, conversations } = await hearth()
  const { presets } = conversations
  let told: Preset[] = []
  presets.watch(list => {
    told = list
  })
  const { presetId } = await presets.save({ id: null, name: ' Kind\n one ', ...tuning })
  await presets.save({ id: null, name: 'Another', ...tuning })
  expect(told.map(({ name }) => name)).toEqual(['Another', 'Kind one'])
  await presets.save({ id: presetId, name: 'A kind one', system: 'x', parameters: {} })
  await presets.delete(told[1]?.id ?? '')
  await conversations.close()
  const again = await hearth(home)
  again.conversations.presets.watch(list => {
    told = list
  })
  expect(told).toEqual([{ id: presetId, name: 'A kind one', system: 'x', parameters: {} }])
})

// It would change how an old chat answers, without a word.
test('a preset that is deleted leaves the chats begun with it as they are', async () => {
  const { home, conversations, inference } = await hearth()
  const { presetId } = await conversations.presets.save({ id: null, name: 'Kind', system: 'Be kind.', parameters: {} })
  const { conversationId, replyId } = await conversations.send({
    conversationId: null,
    parentId: null,
    content: 'Who?',
    model: 'tiny',
    system: 'Be kind.',
    parameters: { temperature: 0.2 },
  })
  inference.last.finish()
  await conversations.presets.delete(presetId)
  await conversations.close()
  const again = await hearth(home)
  await again.ask('And?', conversationId, replyId)
  expect(again.inference.last.request).toMatchObject({ options: { temperature: 0.2 } })
  expect(again.inference.last.request.messages[0]).toMatchObject({ role: 'system', content: 'Be kind.' })
})

test('a preset of no name is refused, as is a change of one that is gone', async () => {
  const { presets } = (await hearth()).conversations
  await expect(presets.save({ id: null, name: '\n', ...tuning })).rejects.toMatchObject({ code: 'invalid-request' })
  await expect(presets.save({ id: 'gone', name: 'A', ...tuning })).rejects.toMatchObject({ code: 'not-found' })
  await presets.delete('gone')
})
