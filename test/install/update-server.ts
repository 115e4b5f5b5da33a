import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { basename, join } from 'node:path'

/** A place where newer versions lie, as release pages are one: files of a folder, over HTTP. */
export interface UpdateServer {
  /** From now on, one byte of every package is another. */
  tamper(on: boolean): void
  readonly asked: readonly string[]
  close(): Promise<void>
}

/** @param url where it is to listen, with a port */
export async function startUpdateServer(url: string, folder: string): Promise<UpdateServer> {
  let tampered = false
  const asked: string[] = []
  const server: Server = createServer(async (request, response) => {
    const name = basename(new URL(request.url ?? '/', url).pathname)
    asked.push(name)
    try {
      const body = await readFile(join(folder, name))
      if (tampered && name.endsWith('.deb')) body[body.length - 100] = (body[body.length - 100] as number) ^ 1
      response.end(body)
    } catch {
      response.writeHead(404).end()
    }
  })
  await new Promise<void>(resolve => server.listen(Number(new URL(url).port), '127.0.0.1', resolve))
  return {
    tamper: on => {
      tampered = on
    },
    asked,
    close: async () => {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}
