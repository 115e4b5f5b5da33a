import { randomInt } from 'node:crypto'

const number = (): number => randomInt(999_999)

/** Ids as upstream makes them (middleware/openai.go, openai/responses.go). */
export const responseId = (): string => `resp_${number()}`
export const messageId = (): string => `msg_${number()}`
export const reasoningId = (): string => `rs_${number()}`
export const callId = (index: number): string => `fc_${number()}_${index}`
