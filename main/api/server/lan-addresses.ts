import { networkInterfaces } from 'node:os'

/** The addresses at which other computers of the network find this one, IPv4 where there is any. */
export function lanAddresses(interfaces: typeof networkInterfaces = networkInterfaces): string[] {
  const outward = Object.values(interfaces()).flatMap(list => list?.filter(({ internal }) => !internal) ?? [])
  const of = (family: string) => outward.flatMap(entry => (entry.family === family ? entry.address : []))
  const ipv4 = of('IPv4')
  // An address of a link alone needs the name of that link, which no program is told.
  return ipv4.length > 0 ? ipv4 : of('IPv6').filter(address => !address.startsWith('fe80'))
}
