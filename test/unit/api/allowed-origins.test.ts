import { expect, test } from 'vitest'
import { allowedOrigins } from '../../../main/api/allowed-origins.ts'

test.each([
  ['http://localhost', true],
  ['https://localhost', true],
  ['http://localhost:3000', true],
  ['https://127.0.0.1:8443', true],
  ['http://0.0.0.0', true],
  ['app://obsidian.md', true],
  ['file://', true],
  ['tauri://localhost', true],
  ['vscode-webview://1abc', true],
  ['vscode-file://vscode-app', true],
  ['http://localhost.evil.com', false],
  ['http://evil.com', false],
  ['https://127.0.0.1.nip.io', false],
  ['null', false],
  ['chrome-extension://abc', false],
  ['ftp://localhost', false],
])('by default %s: %s', (origin, allowed) => {
  expect(allowedOrigins('').allows(origin)).toBe(allowed)
})

test.each([
  ['https://a.example', 'https://a.example', true],
  ['https://a.example', 'https://a.example.evil', false],
  ['https://*.example', 'https://x.y.example', true],
  ['https://*.example', 'https://x.examples', false],
  ['*.example', 'http://x.example', true],
  ['chrome-extension://*', 'chrome-extension://abc', true],
  [' http://One.example , http://two.example', 'http://one.example', true],
  ['http://one.example,http://two.example', 'http://two.example', true],
  ['http://one.example', 'http://localhost:1', true],
])('with %j, %s: %s', (configured, origin, allowed) => {
  expect(allowedOrigins(configured).allows(origin)).toBe(allowed)
})

test('a lone star allows all and is told apart, because the answer then names no origin', () => {
  expect(allowedOrigins('*')).toMatchObject({ all: true })
  expect(allowedOrigins('*').allows('https://anything.example')).toBe(true)
  expect(allowedOrigins('http://*').all).toBe(false)
})

test.each(['example.com', 'http://a.example,example.com', 'ws://a.example', 'http://*.*'])(
  '%j refuses to start',
  text => {
    expect(() => allowedOrigins(text)).toThrow('bad origin')
  },
)
