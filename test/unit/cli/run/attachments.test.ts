import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { attach } from '../../../../main/cli/run/attachments.ts'

let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearth-attach-'))
  writeFileSync(join(folder, 'a.png'), 'A')
  writeFileSync(join(folder, 'my picture (1).JPG'), 'B')
})

afterAll(() => rmSync(folder, { recursive: true }))

describe('attach', () => {
  it.each([
    ['What is in FOLDER/a.png?', 'What is in ?', ['A']],
    ["Compare 'FOLDER/a.png' and FOLDER/my\\ picture\\ \\(1\\).JPG", 'Compare  and', ['A', 'B']],
    ['FOLDER/my%20picture%20(1).JPG', '', ['B']],
    ['"FOLDER/my picture (1).JPG" what?', 'what?', ['B']],
    // A path that leads nowhere is what the person wrote about.
    ['Why is FOLDER/none.png missing?', 'Why is FOLDER/none.png missing?', []],
    ['No path: a.png, and/or.', 'No path: a.png, and/or.', []],
  ])('%s', async (prompt, rest, contents) => {
    const attached = await attach(prompt.replaceAll('FOLDER', folder))
    expect(attached.prompt).toBe(rest.replaceAll('FOLDER', folder))
    expect(attached.images.map(image => Buffer.from(image, 'base64').toString())).toEqual(contents)
  })
})
