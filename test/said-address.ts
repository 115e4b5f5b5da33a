import type { Readable } from 'node:stream'

/**
 * The address in the first line that a server prints; what follows is read and dropped, so that it never waits.
 * @throws Error with what it printed where that names none
 */
export async function saidAddress(printed: Readable): Promise<string> {
  let said = ''
  for await (const chunk of printed.setEncoding('utf8').iterator({ destroyOnReturn: false })) {
    said += chunk
    if (said.includes('\n')) break
  }
  printed.resume()
  const url = /http:\S+/.exec(said)?.[0]
  if (!url) throw new Error(`the server said: ${said}`)
  return url
}
