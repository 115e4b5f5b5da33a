import { BlockList, isIP } from 'node:net'
import { hostname, networkInterfaces } from 'node:os'

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

const local = new BlockList()
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
  if (isIP(host) !== 0) {
    return isLoopback(host) || listed(local, host) || ownAddresses().has(host) ? 'address' : 'foreign'
  }
  const isOurs = host === '' || host === 'localhost' || host === hostname().toLowerCase()
  return isOurs || /\.(?:localhost|local|internal)$/.test(host) ? 'name' : 'foreign'
}

/** Whether only programs on this machine reach this address. */
export const isLoopback = (address: string): boolean => isIP(address) !== 0 && listed(loopback, address)

const listed = (list: BlockList, address: string): boolean => list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')

function withoutPort(header: string): string {
  const bracketed = /^\[([^\]]*)\](?::\d*)?$/.exec(header)
  if (bracketed) return bracketed[1]!
  return header.indexOf(':') === header.lastIndexOf(':') ? header.replace(/:.*$/, '') : header
}

const ownAddresses = (): Set<string> =>
  new Set(Object.values(networkInterfaces()).flatMap(list => list?.map(({ address }) => address.toLowerCase()) ?? []))
