import type { NetworkInterfaceInfo, networkInterfaces } from 'node:os'
import { expect, test } from 'vitest'
import { serverUrls } from '../../../../main/api/server/lan-addresses.ts'

const found = (family: 'IPv4' | 'IPv6', address: string, internal = false) =>
  ({ family, address, internal }) as NetworkInterfaceInfo
const loopback = [found('IPv4', '127.0.0.1', true), found('IPv6', '::1', true)]
const both = [found('IPv4', '192.168.1.20'), found('IPv6', 'fe80::1'), found('IPv6', '2001:db8::2')]
const computer = (eth0: NetworkInterfaceInfo[]): typeof networkInterfaces => {
  return () => ({ lo: loopback, eth0 })
}

// A server that all of the network reaches must not look like one for this computer alone.
test.each(['0.0.0.0', '::', ''])('listening on "%s" it is found in the network, too', host => {
  expect(serverUrls(host, 11434, computer(both))).toEqual(['http://127.0.0.1:11434', 'http://192.168.1.20:11434'])
})

test('where there is no IPv4, an address of IPv6 that is more than its link', () => {
  expect(serverUrls('::', 11434, computer(both.slice(1)))).toEqual([
    'http://127.0.0.1:11434',
    'http://[2001:db8::2]:11434',
  ])
})

test.each([
  ['127.0.0.1', 'http://127.0.0.1:8080'],
  ['::1', 'http://[::1]:8080'],
  ['192.168.1.20', 'http://192.168.1.20:8080'],
])('listening on %s it is found there alone', (host, url) => {
  expect(serverUrls(host, 8080, computer(both))).toEqual([url])
})
