import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { expect, test } from 'vitest'

const project = join(import.meta.dirname, '..', '..')

/** Who may reach the network, and why that is no secret from the person. */
const allowed: Readonly<Record<string, string>> = {
  'main/api/http.ts': 'listens, and calls nobody',
  'main/desktop/electron-updater.ts': 'tells of each request of the session that the updater has for itself',
  'main/library/registry/agent.ts': 'makes the agents of the two below',
  'main/library/registry/transport.ts': 'tells the list of connections of each request',
  'main/library/registry/direct-request.ts': 'asks what transport.ts was told to',
  'main/library/registry/get-into.ts': 'asks what transport.ts was told to',
  'main/library/registry/receive-worker.ts': 'asks what transport.ts was told to',
}
/** The command is a client that the person calls, not the app. */
const command = 'main/cli/'

/** A path of the app's own, `/attachments/…`, goes to the window's protocol and no further. */
const ways = new RegExp(
  [
    'from [\'"](?:node:)?(?:http|https|http2|tls|dgram|undici)[\'"]',
    String.raw`import { [^}]*\b(?:connect|createConnection|Socket)\b[^}]* } from ['"](?:node:)?net['"]`,
    String.raw`(?<![.\w#]|async )(?:fetch|WebSocket|EventSource)\((?!request\b|\{|\x60/[^/])`,
    String.raw`(?:from |import\()'\./agent\.ts'`,
    String.raw`\bnet\.(?:request|fetch|connect)\(`,
    String.raw`(?:from |import\()['"]electron-updater['"]`,
  ].join('|'),
)

function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap(entry => {
    const path = join(folder, entry.name)
    return entry.isDirectory() ? filesIn(path) : /\.tsx?$/.test(entry.name) ? path : []
  })
}

// A request that the privacy page does not list would make it a lie.
test('nothing of the app goes out but through what tells the list of connections', () => {
  const files = ['main', 'preload', 'renderer'].flatMap(folder => filesIn(join(project, folder)))
  const found = files
    .filter(path => ways.test(withoutTypes(readFileSync(path, 'utf8'))))
    .map(path => relative(project, path).replaceAll('\\', '/'))
    .filter(path => !path.startsWith(command))
  expect(found.sort()).toEqual(Object.keys(allowed).sort())
})

test('and the looking finds what it is to find', () => {
  for (const text of ["await fetch('https://x')", "import { request } from 'node:https'", 'new WebSocket(url)']) {
    expect(ways.test(text)).toBe(true)
  }
  expect(ways.test('api.fetch(request)')).toBe(false)
})

/** Without imports of types, comments and declarations of methods. */
function withoutTypes(text: string): string {
  return text
    .replaceAll(/^import type .*$/gm, '')
    .replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
    .replaceAll(/^\s+(?:async )?fetch\(.*\{$/gm, '')
}
