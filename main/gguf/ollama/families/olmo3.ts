import { always, type Family } from '../family.ts'

/** OLMo 3: what llama.cpp calls OLMo 2 has its sliding window, too. */
export const olmo3: Family = {
  matches: always,
  model: ({ metadata }) => metadata.moveTo('olmo2', 'olmo3'),
}
