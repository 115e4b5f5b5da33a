import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { completeLockfile, type Lockfile } from '../../../scripts/complete-lockfile.ts'

const lockfile = (): Lockfile =>
  JSON.parse(readFileSync(join(import.meta.dirname, '..', '..', '..', 'package-lock.json'), 'utf8'))

it('names the native parts of every platform, without which `npm ci` installs nowhere', () => {
  expect(completeLockfile(lockfile())).toEqual([])
})

it('names no address of a registry', () => {
  const { packages } = lockfile()
  expect(Object.keys(packages).filter(place => packages[place]!.resolved)).toEqual([])
})

it('adds a platform that was left out, to be installed there alone', () => {
  const made: Lockfile = {
    packages: {
      '': {},
      'node_modules/a': {
        version: '1.0.0',
        dev: true,
        optionalDependencies: { '@a/win-x64': '1.0.0', '@a/linux-arm64-musl': '1.0.0', fsevents: '~2.3.3' },
      },
      'node_modules/a/node_modules/@a/linux-arm64-musl': { version: '1.0.0' },
    },
  }
  expect(completeLockfile(made)).toEqual(['@a/win-x64'])
  expect(made.packages['node_modules/@a/win-x64']).toEqual({
    version: '1.0.0',
    os: ['win32'],
    cpu: ['x64'],
    dev: true,
    optional: true,
  })
})
