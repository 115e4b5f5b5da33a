import { json } from '../responses.ts'
import type { ApiServices } from '../services.ts'

/** GET /api/version */
export const version = (_: Request, services: ApiServices): Response => json({ version: services.version })
