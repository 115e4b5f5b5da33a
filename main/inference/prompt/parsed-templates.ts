import { GoTemplate } from './go-template/template.ts'
import { JinjaTemplate } from './jinja/template.ts'

/** Templates parsed lately: a chat renders the same one again and again, and listing models asks every one. */
const kept = 64

function cached<T>(parse: (source: string) => T): (source: string) => T {
  const cache = new Map<string, T>()
  return source => {
    const found = cache.get(source)
    const value = found ?? parse(source)
    // The one used last goes to the end, the one unused longest falls out at the front.
    cache.delete(source)
    cache.set(source, value)
    if (cache.size > kept) cache.delete(cache.keys().next().value!)
    return value
  }
}

/** @throws TemplateParseError */
export const goTemplate = cached(source => GoTemplate.parse(source))

/** @throws JinjaError */
export const jinjaTemplate = cached(source => JinjaTemplate.parse(source))
