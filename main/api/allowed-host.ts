import { BlockList, isIP } from 'node:net'
import { hostname, networkInterfaces } from 'node:os'

const local = new BlockList()
local.addSubnet('127.0.0.0', 8, 'ipv4')
local.addAddress('::1', 'ipv6')
local.addSubnet('10.0.0.0', 8, 'ipv4')
local.addSubnet('172.16.0.0', 12, 'ipv4')
local.addSubnet('192.168.0.0', 16, 'ipv4')
local.addSubnet('fc00::', 7, 'ipv6')
local.addAddress('0.0.0.0', 'ipv4')
local.addAddress('::', 'ipv6')

/** Who a Host header names. */
export type HostKind = 'address' | 'name' | 'foreign'

/**
 * Whether a request with this Host header may reach a server bound to loopback: a page of some other site, whose name
 * was made to resolve here, names that site (upstream server/routes.go, allowedHostsMiddleware).
 */
export function hostKind(header: string): HostKind {
  const host = withoutPort(header).toLowerCase()
  const family = isIP(host)
  if (family !== 0) {
    const isLocal = local.check(host, family === 6 ? 'ipv6' : 'ipv4') || ownAddresses().has(host)
    return isLocal ? 'address' : 'foreign'
  }
  const isOurs = host === '' || host === 'localhost' || host === hostname().toLowerCase()
  return isOurs || /\.(?:localhost|local|internal)$/.test(host) ? 'name' : 'foreign'
}

function withoutPort(header: string): string {
  const bracketed = /^\[([^\]]*)\](?::\d*)?$/.exec(header)
  if (bracketed) return bracketed[1]!
  return header.indexOf(':') === header.lastIndexOf(':') ? header.replace(/:.*$/, '') : header
}

const ownAddresses = (): Set<string> =>
  new Set(Object.values(networkInterfaces()).flatMap(list => list?.map(({ address }) => address.toLowerCase()) ?? []))
