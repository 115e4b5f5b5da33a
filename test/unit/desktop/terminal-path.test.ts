import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { terminalPath } from '../../../main/desktop/terminal-path.ts'

let home: string

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'hearth-terminal-'))
})

afterEach(() => {
  rmSync(home, { recursive: true, force: true })
})

const env = (shell: string) => ({ SHELL: shell, HOME: home, PATH: '/usr/bin:/bin' })

describe.runIf(process.platform !== 'win32')('the PATH of a new terminal', () => {
  // An app opened from the dock has another PATH than the terminal beside it.
  test.runIf(process.platform === 'linux')('has what the shell’s files add, whatever else they print', async () => {
    writeFileSync(
      join(home, '.bashrc'),
      'echo Welcome; printf "no end of line"; echo trouble >&2\nPATH=$PATH:$HOME/bin\n',
    )
    expect(await terminalPath(env('/bin/bash'), 'linux')).toBe(`/usr/bin:/bin:${home}/bin`)
  })

  test('is this program’s own where the shell cannot be started, ends, or says nothing of it', async () => {
    for (const shell of ['/nowhere/sh', '/bin/false', '/bin/true']) {
      expect(await terminalPath(env(shell), 'linux'), shell).toBe('/usr/bin:/bin')
    }
    expect(await terminalPath({ PATH: 'C:\\Windows' }, 'win32')).toBe('C:\\Windows')
  })

  test('does not wait for what the files leave running', async () => {
    const shell = join(home, 'shell')
    writeFileSync(shell, '#!/bin/sh\n(sleep 600) &\necho $! > "$HOME/left"\nexec /bin/sh -c "$3"\n')
    chmodSync(shell, 0o755)
    expect(await terminalPath(env(shell), 'linux')).toBe('/usr/bin:/bin')
    process.kill(Number(readFileSync(join(home, 'left'), 'utf8')))
  })
})
