import type { ChatMessage, Tool } from '../requests.ts'

const builtIn = /^(?:browser\.(?:open|search|find)|python)$/

/**
 * The names under which gpt-oss is told its functions: TypeScript identifiers, each only once (upstream
 * harmony/harmonyparser.go). Keys are the request's names.
 */
export function harmonyNames(tools: readonly Tool[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>()
  const used = new Set<string>()
  /** The last number behind a name that others came to as well: thousands of them are not tried from 2 each. */
  const numbers = new Map<string, number>()
  for (const { name } of tools.map(tool => tool.function)) {
    if (names.has(name)) continue
    const base = builtIn.test(name) ? name : identifier(name)
    let unique = base
    while (used.has(unique)) {
      const number = (numbers.get(base) ?? 1) + 1
      numbers.set(base, number)
      unique = `${base}_${number}`
    }
    used.add(unique)
    names.set(name, unique)
  }
  return names
}

function identifier(name: string): string {
  const letters = name.replace(/[ .-]/g, '_').replace(/[^\p{L}\p{N}_$]/gu, '')
  if (letters === '') return 'unnamed'
  return /^\p{N}/u.test(letters) ? `_${letters}` : letters
}

/** Tools and earlier calls under other names. */
export function renamed<T extends { tools: readonly Tool[]; messages: readonly ChatMessage[] }>(
  { tools, messages }: T,
  names: ReadonlyMap<string, string>,
): { tools: readonly Tool[]; messages: readonly ChatMessage[] } {
  const to = (name: string) => names.get(name) ?? name
  return {
    tools: tools.map(tool => ({ ...tool, function: { ...tool.function, name: to(tool.function.name) } })),
    messages: messages.map(message => ({
      ...message,
      ...(message.toolName ? { toolName: to(message.toolName) } : {}),
      ...(message.toolCalls
        ? {
            toolCalls: message.toolCalls.map(call => ({
              ...call,
              function: { ...call.function, name: to(call.function.name) },
            })),
          }
        : {}),
    })),
  }
}
