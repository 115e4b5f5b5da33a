import { readFile } from 'node:fs/promises'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import { basename, join } from 'node:path'

/** What goes wrong from now on; nothing, unless said. */
export interface Mischief {
  /** One byte of every package is another. */
  readonly tampered?: boolean
  /** Every package ends in its middle, and the connection with it. */
  readonly cutOff?: boolean
  /** What is announced (latest-linux.yml) reads otherwise. */
  readonly announced?: (list: string) => string
}

/** A place where newer versions lie, as release pages are one: files of a folder, over HTTP. */
export interface UpdateServer {
  misbehave(how: Mischief): void
  readonly asked: readonly { readonly name: string; readonly headers: IncomingHttpHeaders }[]
  close(): Promise<void>
}

/** @param url where it is to listen, with a port */
export async function startUpdateServer(url: string, folder: string): Promise<UpdateServer> {
  let mischief: Mischief = {}
  const asked: { name: string; headers: IncomingHttpHeaders }[] = []
  const server: Server = createServer(async (request, response) => {
    const name = basename(new URL(request.url ?? '/', url).pathname)
    asked.push({ name, headers: request.headers })
    const body = await readFile(join(folder, name)).catch(() => undefined)
    if (body === undefined) return void response.writeHead(404).end()
    const { tampered, cutOff, announced } = mischief
    if (name.endsWith('.yml')) return void response.end(announced ? announced(body.toString()) : body)
    if (tampered) body[body.length - 100] = (body[body.length - 100] as number) ^ 1
    response.setHeader('content-length', body.length)
    if (cutOff) response.write(body.subarray(0, body.length / 2), () => response.destroy())
    else response.end(body)
  })
  await new Promise<void>(resolve => server.listen(Number(new URL(url).port), '127.0.0.1', resolve))
  return {
    misbehave: how => {
      mischief = how
    },
    asked,
    close: async () => {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}
