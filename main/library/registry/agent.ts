import { type buildConnector, EnvHttpProxyAgent } from 'undici'

/** The longest error text of a registry that is passed on. Bytes. */
export const MAX_ERROR_BYTES = 16 * 1024

/**
 * Connections to registries, by the person's proxies (HTTP_PROXY and its kin).
 * @param stall milliseconds of silence after which a request fails
 * @param connect how connections that need no proxy are made
 */
export function registryAgent(
  stall: number,
  connect: buildConnector.connector | { readonly timeout: number } = { timeout: stall },
): EnvHttpProxyAgent {
  return new EnvHttpProxyAgent({ headersTimeout: stall, bodyTimeout: stall, connect })
}
