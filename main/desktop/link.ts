import { parseModelName } from '../library/model-name.ts'

/**
 * What a hearth:// link wants. Anybody can put one on a web page, so none of them does anything by itself: a model is
 * shown, a question is written into the box, and the person decides.
 */
export type Link =
  /** `hearth://` brings Hearth to the front. */
  | { readonly kind: 'window' }
  /** `hearth://pull/NAME`, the name as after `hearth pull`. */
  | { readonly kind: 'model'; readonly model: string }
  /** `hearth://chat?model=NAME&prompt=TEXT`, both optional and empty when left out. */
  | { readonly kind: 'chat'; readonly model: string; readonly prompt: string }

/** Most characters of a prompt: what a person can look over before sending it. */
const longestPrompt = 8_000
/** Every character of the longest prompt may be three bytes, each written as %XX. */
const longestLink = longestPrompt * 9 + 1_000

/**
 * Characters that a person does not see, or that show another text than a model reads: controls but for the tabulator
 * and the line feed, marks that turn the direction of writing, fillers, tags and other selectors that draw nothing.
 * Those that emoji and the scripts of the Near East and India are written with are let through.
 */
const unseen =
  /(?![\n\t\u200c-\u200f]|[\ufe0e\ufe0f])[\p{Cc}\p{Default_Ignorable_Code_Point}\u2028\u2029\ufff9-\ufffb]/u

/** Reads a link. @returns undefined for what is no link of ours, to the letter */
export function parseLink(text: string): Link | undefined {
  if (text.length > longestLink || !URL.canParse(text)) return undefined
  const { protocol, username, password, host, pathname, searchParams, hash } = new URL(text)
  if (protocol !== 'hearth:' || username !== '' || password !== '' || hash !== '') return undefined
  const path = pathname.replace(/\/$/, '')
  if (host === 'chat' && path === '') return chatLink(searchParams)
  if (searchParams.size > 0) return undefined
  if (host === 'pull') return modelLink(path.slice(1))
  return host === '' && path === '' ? { kind: 'window' } : undefined
}

function modelLink(encoded: string): Link | undefined {
  const model = decoded(encoded)
  return model !== undefined && isModel(model) ? { kind: 'model', model } : undefined
}

function chatLink(parameters: URLSearchParams): Link | undefined {
  const { model = '', prompt = '', ...others } = Object.fromEntries(parameters)
  if (Object.keys(others).length > 0 || parameters.getAll('model').length > 1) return undefined
  if (parameters.getAll('prompt').length > 1) return undefined
  const text = prompt.replace(/\r\n?/g, '\n').trim()
  if (text.length > longestPrompt || unseen.test(text)) return undefined
  return model === '' || isModel(model) ? { kind: 'chat', model, prompt: text } : undefined
}

/** Without `http://` before it: a link is not to choose a way that anybody on it can read and change. */
const isModel = (text: string): boolean => !text.includes('://') && parseModelName(text) !== undefined

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
