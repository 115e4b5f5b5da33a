import { networkInterfaces } from 'node:os'
import { clientUrl } from '../../ollama-host.ts'

/** The addresses at which other computers of the network find this one, IPv4 where there is any. */
export function lanAddresses(interfaces: typeof networkInterfaces = networkInterfaces): string[] {
  const outward = Object.values(interfaces()).flatMap(list => list?.filter(({ internal }) => !internal) ?? [])
  const of = (family: string) => outward.flatMap(entry => (entry.family === family ? entry.address : []))
  const ipv4 = of('IPv4')
  // An address of a link alone needs the name of that link, which no program is told.
  return ipv4.length > 0 ? ipv4 : of('IPv6').filter(address => !address.startsWith('fe80'))
}

/**
 * The addresses at which a server is found, the one for this computer first.
 * @param host what it listens on; every address of the computer with `0.0.0.0`, `::` or the empty string
 */
export function serverUrls(host: string, port: number, interfaces = networkInterfaces): string[] {
  const isEverywhere = host === '' || host === '::' || host === '0.0.0.0'
  const hosts = isEverywhere ? ['127.0.0.1', ...lanAddresses(interfaces)] : [host]
  return hosts.map(host => clientUrl({ scheme: 'http', host, port, path: '' }))
}
