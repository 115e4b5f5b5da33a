import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { paper } from '../../../main/desktop/paper.ts'

// The window is this colour before its page is drawn; another one than the page's is a flash.
test('the background of a window is the paper of its page', () => {
  const tokens = readFileSync(new URL('../../../renderer/styles/tokens.css', import.meta.url), 'utf8')
  expect(tokens).toContain(`--paper: light-dark(${paper.light}, ${paper.dark});`)
})
