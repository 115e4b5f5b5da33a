import { jsonReader } from '../call-readers.ts'
import type { CallProgress, CallReader, CallSyntax } from '../format.ts'
import { GrowingText } from '../growing-text.ts'
import { JsonScanner, tryJson } from '../json-scanner.ts'
import { argumentsOf } from './json-call.ts'

const open = '[TOOL_CALLS]'

/**
 * Mistral: `[TOOL_CALLS]` followed by a list of JSON calls (until 2024), or by `f[ARGS]{…}`, where `f[CALL_ID]…[ARGS]`
 * and a bare `f{…}` occur too (Ministral 3, Devstral, Magistral).
 */
export const mistralCalls: CallSyntax = {
  open: [open],
  markers: ['[ARGS]', '[CALL_ID]'],
  reader(): CallReader {
    let reader: CallReader | undefined
    let text = ''
    return {
      push(added) {
        if (reader) return reader.push(added)
        text += added
        const first = text.trimStart()[0]
        if (first === undefined) return { calls: [] }
        reader = first === '[' || first === '{' ? jsonReader(open) : namedReader()
        return reader.push(text)
      },
      end: () => reader?.end() ?? { calls: [], text: open + text, rest: '' },
    }
  },
}

/** Reads `name[ARGS]{…}`. */
function namedReader(): CallReader {
  const text = new GrowingText()
  let scanner: JsonScanner | undefined
  let start = 0
  let scanned = 0
  return {
    push(added): CallProgress {
      text.add(added)
      if (!scanner) {
        const brace = text.from(scanned).indexOf('{')
        if (brace < 0) {
          scanned = text.length
          return { calls: [] }
        }
        start = scanned + brace
        scanner = new JsonScanner()
        scanned = start
      }
      const found = scanner.scan(text.from(scanned))
      const end = scanned + found
      scanned = text.length
      if (found < 0) return { calls: [] }
      const read = text.from(0)
      const name = /^\s*([^\s[{]+)\s*(?:\[CALL_ID\][^[{]*)?(?:\[ARGS\])?\s*$/.exec(read.slice(0, start))?.[1]
      const args = argumentsOf(tryJson(read.slice(start, end)) ?? '-')
      const rest = read.slice(end)
      if (!name || !args) return { calls: [], text: open + read.slice(0, end), rest }
      return { calls: [{ name, arguments: args }], rest }
    },
    end() {
      const read = text.from(0)
      const name = /^\s*([^\s[{]+)\s*(?:\[CALL_ID\][^[{]*)?\[ARGS\]\s*$/.exec(read)?.[1]
      return name ? { calls: [{ name, arguments: {} }], rest: '' } : { calls: [], text: open + read, rest: '' }
    },
  }
}
