import { isIP } from 'node:net'
import { variable } from './variables.ts'

/** Where the server listens, or where a client finds it. */
export interface OllamaHost {
  readonly scheme: string
  /** Name or address without brackets; empty for all interfaces. */
  readonly host: string
  /** 0 lets the system choose. */
  readonly port: number
  /** Path behind which a proxy serves the API, without the leading slash; only clients use it. */
  readonly path: string
}

/**
 * OLLAMA_HOST, `[scheme://]host[:port][/path]` (upstream envconfig/config.go, Host): 127.0.0.1:11434 by default, port
 * 80 or 443 behind an explicit http:// or https://, and the default for a port that is none.
 */
export function ollamaHost(env: NodeJS.ProcessEnv): OllamaHost {
  const text = variable(env, 'OLLAMA_HOST').trim()
  if (text === 'ollama.com') return { scheme: 'https', host: text, port: 443, path: '' }
  const at = text.indexOf('://')
  const scheme = at < 0 ? 'http' : text.slice(0, at)
  const rest = at < 0 ? text : text.slice(at + 3)
  const [address, path] = cut(rest, '/')
  const defaultPort = at < 0 ? 11434 : ({ http: 80, https: 443 }[scheme] ?? 11434)
  const split = splitPort(address)
  if (split) return { scheme, host: split.host, port: validPort(split.port) ?? defaultPort, path }
  const bare = address.replace(/^\[+|\]+$/g, '')
  return { scheme, host: isIP(bare) ? bare : address || '127.0.0.1', port: defaultPort, path }
}

/** Base URL a client on this machine uses; an address that means "all interfaces" is reached over loopback. */
export function clientUrl({ scheme, host, port, path }: OllamaHost): string {
  const reachable = host === '' || host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host
  const authority = `${isIP(reachable) === 6 ? `[${reachable}]` : reachable}:${port}`
  return `${scheme}://${authority}${path && `/${path}`}`
}

/** `host:port` as Go's net.SplitHostPort takes it apart; undefined without a port, or with colons left over. */
function splitPort(address: string): { host: string; port: string } | undefined {
  const match = /^(?:\[([^[\]]*)\]|([^[\]:]*)):([^:[\]]*)$/.exec(address)
  return match ? { host: match[1] ?? match[2]!, port: match[3]! } : undefined
}

function validPort(text: string): number | undefined {
  const port = /^[+-]?\d+$/.test(text) ? Number(text) : -1
  return port >= 0 && port <= 65535 ? port : undefined
}

function cut(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator)
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)]
}
