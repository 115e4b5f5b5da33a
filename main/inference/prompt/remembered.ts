/** Templates that are remembered: a chat asks for the same one again and again, and a list of models for every one. */
const kept = 64
/** UTF-16 units of the longest of them: far more than a model's has. A request may bring one of megabytes. */
const longest = 256 * 1024

/** What is found out about a template, once for each that was asked for lately. What throws is not remembered. */
export function remembered<T>(find: (source: string) => T): (source: string) => T {
  const known = new Map<string, T>()
  return source => {
    if (source.length > longest) return find(source)
    const value = known.has(source) ? known.get(source)! : find(source)
    // The one used last goes to the end, the one unused longest falls out at the front.
    known.delete(source)
    known.set(source, value)
    if (known.size > kept) known.delete(known.keys().next().value!)
    return value
  }
}
