import { EnvHttpProxyAgent } from 'undici'

/**
 * Connections to registries, by the person's proxies (HTTP_PROXY and its kin).
 * @param stall milliseconds of silence after which a request fails
 */
export function registryAgent(stall: number): EnvHttpProxyAgent {
  return new EnvHttpProxyAgent({ headersTimeout: stall, bodyTimeout: stall, connect: { timeout: stall } })
}
