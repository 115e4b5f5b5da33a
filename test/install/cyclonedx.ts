import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { Ajv, type ErrorObject } from 'ajv'
import formats from 'ajv-formats'

const schemas = join(
  dirname(createRequire(import.meta.url).resolve('@cyclonedx/cyclonedx-library/package.json')),
  ...['res', 'schema'],
)
const read = (name: string) => JSON.parse(readFileSync(join(schemas, `${name}.SNAPSHOT.schema.json`), 'utf8'))

/** Where a document departs from the schema of CycloneDX 1.6, by its makers. */
export function cycloneDxFaults(bill: unknown): readonly ErrorObject[] {
  const ajv = new Ajv({ strict: false, logger: false })
  formats.default(ajv)
  ajv.addFormat('iri-reference', true)
  // They are named by where they lie, relative to the first.
  for (const name of ['spdx', 'jsf-0.82', 'cryptography-defs']) {
    const { $id: _, ...schema } = read(name)
    ajv.addSchema(schema, `http://cyclonedx.org/schema/${name}.SNAPSHOT.schema.json`)
  }
  const validate = ajv.compile(read('bom-1.6'))
  validate(bill)
  return validate.errors ?? []
}
