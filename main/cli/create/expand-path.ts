import { homedir, userInfo } from 'node:os'
import { dirname, isAbsolute, join, resolve } from 'node:path'

/**
 * A path of a Modelfile: absolute as it is, `~` as the person's home, else relative to the Modelfile's folder
 * (upstream parser/expandpath_test.go).
 */
export function expandPath(path: string, folder: string): string {
  if (isAbsolute(path) || path.startsWith('\\')) return path
  if (path === '~' || path.startsWith('~/') || path.startsWith('~\\')) return join(homedir(), path.slice(1))
  const [, user, rest = ''] = /^~([^/\\]+)(.*)$/.exec(path) ?? []
  if (user !== undefined) return join(homeOf(user), rest)
  return resolve(folder, path)
}

/** Homes lie beside each other; the system's list of them is out of Node's reach. */
function homeOf(user: string): string {
  return user === userInfo().username ? homedir() : join(dirname(homedir()), user)
}

/** Whether a text can only be meant as a path: no model's name begins so, or has the ending. */
export function isPath(text: string): boolean {
  return /^(\.{1,2}([/\\]|$)|[/\\~]|[A-Za-z]:[/\\])|\.(gguf|safetensors|bin|pth)$/.test(text)
}
