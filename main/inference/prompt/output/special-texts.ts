/** Tags as families write them: `<think>`, `<|end|>`, `[TOOL_CALLS]`, `]<]minimax[>[`. */
const tag = /<[^<>\s]+>|\[\/?[A-Z_]+\]|\]<\]\w+\[>\[/g

/** The tags in a marker, each of which may be a special token that an engine must not hide. */
export function tagsIn(marker: string): readonly string[] {
  return marker.match(tag) ?? []
}
