import { createHash } from 'node:crypto'
import type { Component } from './components.ts'

/**
 * The software bill of materials in CycloneDX 1.6. The same parts make the same document, so its serial number is drawn
 * from them.
 */
export function billOfMaterials(version: string, components: readonly Component[], electronOrigin: string): object {
  const parts = components.map(({ name, version, license, purl }) => {
    const group = /^(@[^/]+)\/(.+)$/.exec(name)
    return {
      type: 'library',
      'bom-ref': purl,
      ...(group === null ? { name } : { group: group[1], name: group[2] }),
      ...(version === '' ? {} : { version }),
      licenses: license === 'NOASSERTION' ? [] : [{ expression: license }],
      purl,
    }
  })
  const root = `pkg:generic/hearth@${version}`
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${uuidOf(JSON.stringify([version, parts]))}`,
    version: 1,
    metadata: {
      component: { type: 'application', 'bom-ref': root, name: 'hearth', version, purl: root },
      properties: [{ name: 'hearth:electron-origin', value: electronOrigin }],
    },
    components: parts,
    dependencies: [{ ref: root, dependsOn: parts.map(part => part['bom-ref']) }],
  }
}

/** A UUID of version 8 (RFC 9562): its bits are ours to choose. */
function uuidOf(content: string): string {
  const bytes = createHash('sha256').update(content).digest().subarray(0, 16)
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x80
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}
