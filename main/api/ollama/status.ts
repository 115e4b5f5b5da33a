import { json } from '../responses.ts'

/** GET /api/status: Hearth never runs a model elsewhere. */
export const status = (): Response => json({ cloud: { disabled: true, source: 'config' } })
