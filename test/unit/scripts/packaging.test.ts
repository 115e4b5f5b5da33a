import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

const project = join(import.meta.dirname, '..', '..', '..')
const read = (path: string) => readFileSync(join(project, path), 'utf8')
const config = read('electron-builder.yml')

/** The lines below a key of the first level, without comments. */
function section(key: string): string {
  const [, body = ''] = new RegExp(`^${key}:\\n((?:(?: .*|#.*)?\\n)*)`, 'm').exec(config) ?? []
  return body.replace(/^\s*#.*\n/gm, '')
}

/*
 * What a packed app is allowed is decided here for three systems, and seen at work on one: test/install reads the fuses
 * back from the Debian package. A line that went missing would be noticed by nobody on the others.
 */
describe('what is packed', () => {
  test('has every fuse shut', () => {
    expect(
      section('electronFuses')
        .trim()
        .split('\n')
        .map(line => line.trim()),
    ).toEqual([
      'runAsNode: false',
      'enableNodeOptionsEnvironmentVariable: false',
      'enableNodeCliInspectArguments: false',
      'enableEmbeddedAsarIntegrityValidation: true',
      'onlyLoadAppFromAsar: true',
      'enableCookieEncryption: true',
      'grantFileProtocolExtraPrivileges: false',
    ])
    expect(config).toMatch(/^asar: true$/m)
  })

  test('runs hardened on macOS, with no right that lets others in', () => {
    expect(section('mac')).toMatch(/^ {2}hardenedRuntime: true$/m)
    const rights = [...read('assets/mac/entitlements.plist').matchAll(/<key>(.+)<\/key>/g)].map(([, key]) => key)
    expect(rights).not.toContain('com.apple.security.get-task-allow')
    expect(rights).not.toContain('com.apple.security.cs.allow-dyld-environment-variables')
    expect(rights).not.toContain('com.apple.security.cs.disable-executable-page-protection')
    // Said false here, it would not be notarised with the pipeline's key.
    expect(config).not.toMatch(/notarize: false|identity: null|gatekeeperAssess: true/)
  })

  test('takes only updates of its own publisher on Windows, and the pipeline hands the certificates over', () => {
    expect(config).not.toMatch(/verifyUpdateCodeSignature: false|signExecutable: false|signAndEditExecutable: false/)
    const release = read('.github/workflows/release.yml')
    for (const name of ['WIN_CSC_LINK', 'MAC_CSC_LINK', 'APPLE_API_KEY', 'APPLE_API_KEY_ID', 'APPLE_API_ISSUER']) {
      expect(release).toContain(`secrets.${name}`)
      expect(read('docs/publishing.md'), name).toContain(`\`${name}\``)
    }
  })

  test('keeps Chromium’s sandbox on where it is opened from the menu, also as an AppImage', () => {
    expect(section('appImage')).toBe('  executableArgs: []\n')
  })

  test('leaves a person’s choice of what opens .gguf files alone', () => {
    expect(section('mac')).toMatch(/rank: Alternate/)
    expect(section('win')).not.toContain('fileAssociations')
  })
})
