import { jsonReader } from '../call-readers.ts'
import type { CallSyntax } from '../format.ts'
import { LiteralReader, python } from '../literals.ts'
import { bareJsonCalls } from './bracketed-json.ts'

const tag = '<|python_tag|>'

/**
 * Llama 3: `<|python_tag|>` followed by JSON calls or by a built-in tool (`brave_search.call(query="…")`); without the
 * tag, JSON that is the whole answer.
 */
export const llamaCalls: CallSyntax = {
  open: [tag],
  openFirst: ['{'],
  reader(open, context) {
    if (open === '{') return bareJsonCalls.reader(open, context)
    const json = jsonReader(open)
    let text = ''
    let isJson: boolean | undefined
    return {
      push(added) {
        text += added
        const first = added.trimStart()[0]
        if (first !== undefined) isJson ??= first === '{' || first === '['
        return isJson === false ? { calls: [] } : json.push(added)
      },
      end() {
        if (isJson !== false) return json.end()
        const call = builtInCall(text)
        return call ? { calls: [call], rest: '' } : { calls: [], text: open + text, rest: '' }
      },
    }
  },
}

/** `brave_search.call(query="…")`; anything else behind the tag is a program for the code interpreter. */
function builtInCall(text: string) {
  const reader = new LiteralReader(text, python)
  const name = reader.name()
  if (name?.endsWith('.call') && reader.take('(')) {
    const args = reader.members(')', '=')
    if (args) return { name: name.slice(0, -'.call'.length), arguments: args }
  }
  return undefined
}
