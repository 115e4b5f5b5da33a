import type { StoredMessage } from '../../../main/conversations/rows.ts'

/** A message with nothing to it but what is given. */
export const storedMessage = (given: Partial<StoredMessage>): StoredMessage => ({
  id: 'id',
  parentId: null,
  role: 'user',
  content: '',
  thinking: '',
  model: '',
  state: 'complete',
  problem: null,
  createdAt: 0,
  metrics: null,
  attachments: [],
  toolCalls: [],
  tool: null,
  context: null,
  ...given,
})
