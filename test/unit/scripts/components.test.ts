import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { billOfMaterials } from '../../../scripts/dist/bill-of-materials.ts'
import { packageFolder } from '../../../scripts/dist/bundled-packages.ts'
import type { Component } from '../../../scripts/dist/components.ts'
import { noticesText } from '../../../scripts/dist/notices.ts'

const component: Component = {
  name: '@scope/part',
  version: '1.2.3',
  license: 'MIT',
  notices: ['Permission is hereby granted'],
  purl: 'pkg:npm/%40scope/part@1.2.3',
}

// A package that is missed here is shipped without its licence.
test.each([
  ['/home/me/node_modules/react/index.js', 'node_modules/react'],
  ['/home/me/node_modules/@radix-ui/react-menu/dist/index.mjs?commonjs', 'node_modules/@radix-ui/react-menu'],
  ['\0/home/me/node_modules/a/node_modules/b/x.js', 'node_modules/a/node_modules/b'],
  ['C:\\me\\node_modules\\react\\index.js', 'node_modules/react'],
  ['/home/me/renderer/index.tsx', undefined],
])('finds the package of %j', (module, folder) => {
  expect(packageFolder(module)).toBe(folder)
})

test('the bill names each part once, as advisories do, and is the same for the same parts', () => {
  const bill = billOfMaterials('0.1.0', [component], 'official')
  expect(bill).toMatchObject({
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    metadata: { component: { name: 'hearth', version: '0.1.0' } },
    components: [{ group: '@scope', name: 'part', version: '1.2.3', purl: component.purl }],
  })
  expect(billOfMaterials('0.1.0', [component], 'official')).toEqual(bill)
  expect((bill as { serialNumber: string }).serialNumber).toMatch(
    /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  )
})

test('the notices pass on the text of every licence', () => {
  const text = noticesText([component])
  expect(text).toContain('@scope/part 1.2.3 (MIT)\n\nPermission is hereby granted\n')
})

// The picture of a taskbar would be blurred, or missing.
test.each([16, 24, 32, 48, 64, 96, 128, 256, 512, 1024])('the icon of %i pixels has its size', size => {
  const file = join(import.meta.dirname, '..', '..', '..', 'assets', 'icons', `${size}x${size}.png`)
  expect(existsSync(file)).toBe(true)
  const png = readFileSync(file)
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([size, size])
})
