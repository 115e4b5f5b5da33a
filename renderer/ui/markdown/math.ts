import { useEffect, useSyncExternalStore } from 'react'
import type { PluginConfig } from 'streamdown'

let plugins: PluginConfig | undefined
let loading: Promise<void> | undefined
const waiting = new Set<() => void>()

/** KaTeX with its fonts, loaded when the first formula appears; undefined until it is there. */
export function useMath(text: string): PluginConfig | undefined {
  const wanted = plugins === undefined && /\$|\\[([]/.test(text)
  useEffect(() => {
    if (wanted) void load()
  }, [wanted])
  return useSyncExternalStore(listen, () => plugins)
}

function load(): Promise<void> {
  loading ??= import('./katex.ts').then(({ mathPlugins }) => {
    plugins = mathPlugins
    for (const tell of waiting) tell()
  })
  return loading
}

function listen(tell: () => void): () => void {
  waiting.add(tell)
  return () => waiting.delete(tell)
}
