import { expect, test } from 'vitest'
import { withoutTools } from '../../../../main/inference/prompt/messages.ts'

// Templates of models without tools refuse the role, or leave it out: then the model would have asked in vain.
test('calls and results become words, and the rest stays as it is', () => {
  const image = new Uint8Array(3)
  expect(
    withoutTools([
      { role: 'user', content: 'Weather?', images: [image] },
      {
        role: 'assistant',
        content: 'Let me see.',
        toolCalls: [{ id: 'a', function: { name: 'weather', arguments: { city: 'Paris' } } }],
      },
      { role: 'tool', content: '21 degrees', toolName: 'weather', toolCallId: 'a' },
      { role: 'tool', content: '22 degrees' },
    ]),
  ).toEqual([
    { role: 'user', content: 'Weather?', images: [image] },
    { role: 'assistant', content: 'Let me see.\n\nweather({"city":"Paris"})' },
    { role: 'user', content: 'Result of weather:\n21 degrees' },
    { role: 'user', content: 'Result of a tool:\n22 degrees' },
  ])
})
