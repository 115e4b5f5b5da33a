import { getSystemErrorMap } from 'node:util'

type SystemError = NodeJS.ErrnoException & { dest?: string; address?: string; port?: number; hostname?: string }

/** Go's words, which are those of the system's C library, where libuv has others, or none (Go, package syscall). */
const goWords: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EADDRNOTAVAIL: 'cannot assign requested address',
  EAI_AGAIN: 'temporary failure in name resolution',
  EBUSY: 'device or resource busy',
  ECONNRESET: 'connection reset by peer',
  EDQUOT: 'disk quota exceeded',
  EEXIST: 'file exists',
  EHOSTUNREACH: 'no route to host',
  EIO: 'input/output error',
  EISDIR: 'is a directory',
  ELOOP: 'too many levels of symbolic links',
  EMLINK: 'too many links',
  ENAMETOOLONG: 'file name too long',
  ENOTFOUND: 'no such host',
  ENOTSUP: 'operation not supported',
  ESTALE: 'stale file handle',
  ETIMEDOUT: 'connection timed out',
  ETXTBSY: 'text file busy',
  EXDEV: 'invalid cross-device link',
}

const libuvWords: ReadonlyMap<string, string> = new Map(getSystemErrorMap().values())

/** What Go calls what libuv was doing (package os). */
const goVerbs: Readonly<Record<string, string>> = {
  scandir: 'open',
  opendir: 'open',
  rm: 'remove',
  unlink: 'remove',
  rmdir: 'remove',
  ftruncate: 'truncate',
  fsync: 'sync',
  copyfile: 'copy',
}

/** @param code such as `EACCES`. @returns `permission denied`; a code that nobody knows as it is */
export function systemWords(code: string): string {
  return goWords[code] ?? libuvWords.get(code) ?? code
}

/**
 * What the system refused, as Go tells it, `open /models/blobs: permission denied`: Node's text begins with a code
 * (package os, PathError and LinkError; package net, OpError).
 * @returns undefined for an error that is not the system's
 */
export function systemMessage(error: unknown): string | undefined {
  const { code, syscall, path, dest, address, port, hostname } = (first(error) ?? {}) as SystemError
  if (code === undefined || syscall === undefined) return undefined
  const words = systemWords(code)
  if (syscall === 'connect') {
    const at = address === undefined ? '' : ` ${address.includes(':') ? `[${address}]` : address}:${port}`
    return `dial tcp${at}: connect: ${words}`
  }
  if (syscall === 'getaddrinfo') return `lookup ${hostname}: ${words}`
  // Of a program that cannot be started Node names it in the call as well.
  const [verb = ''] = syscall.split(' ')
  return `${[goVerbs[verb] ?? verb, path, dest].filter(Boolean).join(' ')}: ${words}`
}

/** What an error says, to be put into a sentence for people. */
export function wordsOf(error: unknown): string {
  return systemMessage(error) ?? (error instanceof Error ? error.message : String(error))
}

/** Of a name with several addresses one error for each comes, in one without words of its own. */
function first(error: unknown): unknown {
  return error instanceof AggregateError && error.message === '' ? error.errors[0] : error
}
