import { chats, importChats } from './chat.ts'
import { expect, picture, test } from './launch.ts'

const id = (n: number) => `01a1fe4f-ee7e-70f8-9eb6-00000000000${n}`
const message = (n: number, parent: number | null, over: object) => ({
  type: 'message',
  id: id(n),
  conversationId: id(0),
  parentId: parent === null ? null : id(parent),
  role: 'assistant',
  content: '',
  thinking: '',
  state: 'complete',
  model: 'hearth-demo',
  createdAt: 1.7e12,
  ...over,
})
const call = { id: '', name: 'get_weather', arguments: { city: 'Paris', days: 3, units: { wind: 'km/h' } } }
const records = [
  {
    type: 'conversation',
    id: id(0),
    title: 'Weather',
    model: 'hearth-demo',
    createdAt: 1.7e12,
    updatedAt: 1.7e12,
    activeLeaf: id(4),
    pinned: false,
    folderId: null,
    system: '',
    parameters: {},
  },
  message(1, null, { role: 'user', content: 'What is the weather in Paris?', model: '' }),
  message(2, 1, { toolCalls: [call] }),
  message(3, 2, {
    role: 'tool',
    content: '{"temperature":21,"sky":"clear"}',
    tool: { name: 'get_weather', callId: '' },
  }),
  message(4, 3, {
    content: 'It is 21 degrees in Paris.',
    toolCalls: [{ ...call, arguments: {} }],
    thinking: 'Clear means no umbrella.',
    metrics: { promptTokens: 40, outputTokens: 9, outputSeconds: 1, thinkingSeconds: 4.2, ended: 'stop' },
  }),
]

test('tool calls of an imported chat are cards, with their results and what was thought folded', async ({
  computer,
}) => {
  const { app, page } = await computer.start({ settings: { language: 'en', theme: 'light' } })
  await importChats({ app, page }, computer.home, records)
  await chats(page).getByRole('button', { name: 'Weather', exact: true }).click()
  const asked = page.getByRole('region', { name: 'Asked for the tool get_weather' })
  await expect(asked.first()).toContainText('cityParis')
  await expect(asked).toHaveCount(2)
  // Only the call that nothing answers.
  await expect(page.getByText('Hearth runs no tools: nothing was called.')).toHaveCount(1)
  const result = page.getByRole('article', { name: 'Result of get_weather' })
  await expect(result).toContainText('{"temperature":21,"sky":"clear"}')
  await picture(page, 'tool-calls')
  await result.getByRole('button').click()
  await expect(result.locator('pre')).toContainText('"temperature": 21')
  await picture(page, 'tool-calls-open')
  const thought = page.getByText('Clear means no umbrella.')
  await expect(thought).toBeHidden()
  await page.getByRole('button', { name: 'Thought for 4 seconds' }).click()
  await expect(thought).toBeVisible()
})
