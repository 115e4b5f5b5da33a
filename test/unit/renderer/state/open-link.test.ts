import { describe, expect, it } from 'vitest'
import { safeLink } from '../../../../renderer/state/open-link.ts'

describe('a safe link', () => {
  it.each(['https://example.org/a?b#c', 'http://127.0.0.1:11434/', 'mailto:lena@example.org', ' HTTPS://example.org '])(
    'may be %j',
    address => expect(safeLink(address)).not.toBeNull(),
  )

  it.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'java\nscript:alert(1)',
    '\u0001javascript:alert(1)',
    'javascript&colon;alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:x',
    'file:///etc/passwd',
    'app://hearth/',
    'hearth://x',
    'blob:https://example.org/1',
    'ms-msdt:/id',
    '//example.org',
    '/relative',
    '#anchor',
    '',
    'https://',
    undefined,
    42,
  ])('is never %j', address => expect(safeLink(address)).toBeNull())
})
