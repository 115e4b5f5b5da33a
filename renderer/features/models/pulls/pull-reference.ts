/** What to hand to main's list of pulls. */
export interface PullReference {
  readonly model: string
  /** Talk plain HTTP, as the person's own address says. */
  readonly insecure: boolean
}

/** Hosts whose pages people paste; their models are always fetched by HTTPS. */
const ollama = new Set(['ollama.com', 'www.ollama.com', 'ollama.ai', 'www.ollama.ai'])
const huggingFace = new Set(['huggingface.co', 'www.huggingface.co', 'hf.co', 'www.hf.co'])

/** First segments of addresses there that are no person's or team's name. */
const otherPages = new Set(['datasets', 'spaces', 'docs', 'blog', 'collections', 'papers', 'search', 'api', 'download'])

/** `[host[:port]/][namespace/]model[:tag]`, as main's `parseModelName` reads it. */
const part = '[A-Za-z0-9_][A-Za-z0-9_.-]{0,79}'
const nameGrammar = new RegExp(`^(?:[A-Za-z0-9_][A-Za-z0-9_.:-]{0,349}/)?(?:${part}/)?${part}(?::${part})?$`)

/**
 * The model a person means: a name, a command line copied from a model's page, or the address of that page.
 * @returns null for what leads to no model
 */
export function pullReference(typed: string): PullReference | null {
  const text = typed.trim().replace(/^(?:ollama|hearth)\s+(?:run|pull)\s+/i, '')
  const [, scheme = '', rest = ''] = /^(?:(https?):\/\/)?(.*)$/i.exec(text) ?? []
  const [path = ''] = rest.split(/[?#]/)
  const [host = '', ...segments] = path.replace(/\/+$/, '').split('/')
  const known = host.toLowerCase()
  if (ollama.has(known)) return named(ollamaName(segments))
  if (huggingFace.has(known)) return named(huggingFaceName(segments))
  if (!scheme) return named(path === rest ? rest : null)
  // An address of another registry: host, namespace, model.
  const insecure = scheme.toLowerCase() === 'http'
  const reference = segments.length === 2 ? named(`${host}/${segments.join('/')}`) : null
  return reference && insecure ? { model: `http://${reference.model}`, insecure } : reference
}

const named = (name: string | null): PullReference | null =>
  name !== null && nameGrammar.test(name) ? { model: name, insecure: false } : null

/** ollama.com/library/gemma3:4b, ollama.com/user/model, with or without what follows (`/tags`, `/blobs/…`). */
function ollamaName([owner = '', model]: readonly string[]): string | null {
  if (model === undefined || otherPages.has(owner.toLowerCase())) return null
  return owner === 'library' ? model : `${owner}/${model}`
}

/** huggingface.co/user/model, hf.co/user/model:Q4_K_M, and the page of one file, which is a tag of its model. */
function huggingFaceName([owner = '', model, kind = '', , ...file]: readonly string[]): string | null {
  if (model === undefined || otherPages.has(owner.toLowerCase())) return null
  const name = `hf.co/${owner}/${model}`
  const gguf = ['blob', 'resolve'].includes(kind) && file.length === 1 && /\.gguf$/i.test(file[0] ?? '')
  return gguf ? `${name}:${file[0]}` : name
}
