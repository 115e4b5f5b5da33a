import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { clauses } from '../../integration/api/contract/clauses.ts'

const tests = join(import.meta.dirname, '../..')

// A case that is renamed or removed would leave its clause to nobody, unnoticed.
test.each(Object.entries(clauses))('every clause of %s is held by cases there are', async (_, section) => {
  for (const [clause, held] of Object.entries(section)) {
    expect(held, clause).not.toHaveLength(0)
    for (const [file, ...cases] of held) {
      const source = await readFile(join(tests, file), 'utf8')
      const isThere = file.includes('/contract/')
        ? (rule: string) => ["'", '`'].some(quote => source.includes(quote + rule + quote))
        : (text: string) => source.includes(text)
      const missing = cases.filter(text => !isThere(text))
      expect(missing, `${clause}: ${file}`).toEqual([])
    }
  }
})
