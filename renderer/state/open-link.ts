import { call } from './bridge.ts'

/**
 * The address when it may leave the app: http, https and mailto. Everything else (javascript:, data:, file:, relative
 * addresses, app schemes) is null and never becomes a link.
 */
export function safeLink(address: unknown): string | null {
  if (typeof address !== 'string') return null
  let url: URL
  try {
    url = new URL(address.trim())
  } catch {
    return null
  }
  return ['http:', 'https:', 'mailto:'].includes(url.protocol) ? url.href : null
}

/** Opens a safe link outside, in the system's browser or mail program. */
export async function openLink(url: string): Promise<void> {
  await call('app.openExternal', { url })
}
