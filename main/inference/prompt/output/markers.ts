/** A marker and where it begins. */
export interface Marker {
  readonly at: number
  readonly marker: string
}

/** The first of some markers in a text; of two at the same place the longer one. */
export function firstMarker(text: string, markers: readonly string[], from = 0): Marker | undefined {
  let found: Marker | undefined
  for (const marker of markers) {
    const at = text.indexOf(marker, from)
    if (at < 0) continue
    if (!found || at < found.at || (at === found.at && marker.length > found.marker.length)) found = { at, marker }
  }
  return found
}

/** How many characters at the end of a text could still become one of the markers. */
export function unfinished(text: string, markers: readonly string[]): number {
  const longest = Math.max(0, ...markers.map(marker => marker.length - 1))
  for (let length = Math.min(longest, text.length); length > 0; length--) {
    const tail = text.slice(-length)
    if (markers.some(marker => marker.length > length && marker.startsWith(tail))) return length
  }
  return 0
}
