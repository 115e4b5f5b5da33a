import type { ApiServices } from './services.ts'

/** Answers one request; `parameter` is what stands in the path where its route has `:parameter`, else empty. */
export type Endpoint = (request: Request, services: ApiServices, parameter: string) => Response | Promise<Response>
