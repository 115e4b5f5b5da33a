import { hostname, networkInterfaces } from 'node:os'
import { expect, test } from 'vitest'
import { hostKind } from '../../../main/api/allowed-host.ts'

// A name that slips through lets any web page talk to the server by rebinding its own name to 127.0.0.1.
test.each([
  ['127.0.0.1:11434', 'address'],
  ['127.8.9.1', 'address'],
  ['[::1]:11434', 'address'],
  ['[::1]', 'address'],
  ['[::ffff:127.0.0.1]:1', 'address'],
  ['0.0.0.0:11434', 'address'],
  ['192.168.1.20:11434', 'address'],
  ['10.1.2.3', 'address'],
  ['172.31.0.1', 'address'],
  ['172.32.0.1', 'foreign'],
  ['8.8.8.8', 'foreign'],
  ['[2001:db8::1]:80', 'foreign'],
  ['', 'name'],
  ['localhost', 'name'],
  ['LOCALHOST:11434', 'name'],
  ['app.localhost:3000', 'name'],
  ['nas.local', 'name'],
  ['host.docker.internal:11434', 'name'],
  ['evil.com', 'foreign'],
  ['evil.com:11434', 'foreign'],
  ['localhost.evil.com', 'foreign'],
  ['evillocalhost', 'foreign'],
  ['127.0.0.1.nip.io', 'foreign'],
  ['local', 'foreign'],
  ['[evil.com]', 'foreign'],
])('%j is %s', (header, kind) => {
  expect(hostKind(header)).toBe(kind)
})

test('this machine’s own name and addresses pass', () => {
  expect(hostKind(`${hostname().toUpperCase()}:11434`)).toBe('name')
  for (const { address, family } of Object.values(networkInterfaces()).flatMap(list => list ?? [])) {
    if (!address.includes('%')) expect(hostKind(family === 'IPv6' ? `[${address}]:1` : `${address}:1`)).toBe('address')
  }
})
