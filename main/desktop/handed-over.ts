import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Something the system hands to Hearth, because the person clicked on it. */
export type HandedOver =
  | { readonly kind: 'link'; readonly text: string }
  /** An absolute path. */
  | { readonly kind: 'file'; readonly path: string }

/**
 * Links and model files among a program's arguments. All others are switches, of Chromium or our own, or name the app
 * itself.
 *
 * @param folder the one that relative paths are meant from
 */
export function handedOver(args: readonly string[], folder: string): HandedOver[] {
  return args.flatMap((argument): HandedOver[] => {
    if (/^hearth:/i.test(argument)) return [{ kind: 'link', text: argument }]
    if (argument.startsWith('-') || !/\.gguf$/i.test(argument)) return []
    const path = /^file:/i.test(argument) ? pathOf(argument) : resolve(folder, argument)
    return path === undefined ? [] : [{ kind: 'file', path }]
  })
}

/** Desktops hand files over as addresses. @returns undefined for one on another computer */
function pathOf(address: string): string | undefined {
  try {
    return fileURLToPath(address)
  } catch {
    return undefined
  }
}
