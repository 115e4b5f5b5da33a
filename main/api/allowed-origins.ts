import { Problem } from '../problem.ts'

/** Which web pages may call the API. */
export interface AllowedOrigins {
  /** `*` was configured: every origin, and the answer says so. */
  readonly all: boolean
  allows(origin: string): boolean
}

const ownHosts = ['localhost', '127.0.0.1', '0.0.0.0']
const appSchemes = ['app', 'file', 'tauri', 'vscode-webview', 'vscode-file']
const webSchemes = [
  'http://',
  'https://',
  'chrome-extension://',
  'safari-extension://',
  'moz-extension://',
  'ms-browser-extension://',
]

/**
 * The origins of OLLAMA_ORIGINS, comma separated with at most one `*` each, together with those that are always
 * allowed: this machine's pages and the schemes of desktop apps (upstream envconfig/config.go, AllowedOrigins).
 * @throws Problem when an entry is neither a web origin nor a pattern: upstream refuses to start, too
 */
export function allowedOrigins(configured: string): AllowedOrigins {
  const origins = [
    ...configured.split(',').map(origin => origin.trim().toLowerCase()),
    ...ownHosts.flatMap(host => [`http://${host}`, `https://${host}`, `http://${host}:*`, `https://${host}:*`]),
    ...appSchemes.map(scheme => `${scheme}://*`),
  ].filter(origin => origin !== '')
  for (const origin of origins) check(origin)
  const exact = new Set(origins)
  const patterns = origins.filter(origin => origin.includes('*')).map(origin => origin.split('*') as [string, string])
  const all = exact.has('*')
  return {
    all,
    allows: origin =>
      all || exact.has(origin) || patterns.some(([head, tail]) => origin.startsWith(head) && origin.endsWith(tail)),
  }
}

function check(origin: string): void {
  if (origin.split('*').length > 2) throw new Problem('invalid-request', 500, 'bad origin: only one * is allowed')
  if (origin.includes('*') || webSchemes.some(scheme => origin.startsWith(scheme))) return
  throw new Problem(
    'invalid-request',
    500,
    `bad origin: origins must contain '*' or include ${webSchemes.join(',')}`,
    `OLLAMA_ORIGINS holds ${origin}`,
  )
}
