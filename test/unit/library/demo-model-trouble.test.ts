import { expect, test } from 'vitest'
import { demoModelTrouble } from '../../../main/library/demo-model-trouble.ts'
import { Problem } from '../../../main/problem.ts'

const errno = (code: string, path?: string) => Object.assign(new Error(`${code}: refused`), { code, path })

// A card that says only "missing" leaves the person with nothing to do.
test.each([
  ['a full disk', errno('ENOSPC'), 'disk-full', '/models'],
  ['a full disk as the library tells it', new Problem('disk-full', 500, 'full'), 'disk-full', '/models'],
  ['a folder that may not be written', errno('EACCES', '/models/blobs'), 'not-writable', '/models/blobs'],
  ['a file where the folder should be', errno('ENOTDIR'), 'not-writable', '/models'],
  ['an installation without the file', errno('ENOENT', '/app/demo.gguf'), 'other', '/app/demo.gguf'],
])('%s is named', (_, error, reason, path) => {
  const trouble = demoModelTrouble(error, '/models')
  expect(trouble).toMatchObject({ reason, path })
  expect(trouble.message).not.toBe('')
})
