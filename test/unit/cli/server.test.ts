import { createServer, Server as HttpServer, type RequestListener } from 'node:http'
import { type AddressInfo, createServer as createTcpServer, type Server as TcpServer } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { CannotConnect, Server } from '../../../main/cli/server.ts'

const open: TcpServer[] = []

afterEach(async () => {
  for (const server of open.splice(0)) {
    const closed = new Promise(resolve => server.close(resolve))
    if (server instanceof HttpServer) server.closeAllConnections()
    await closed
  }
})

async function listening(server: TcpServer): Promise<Server> {
  open.push(server)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return new Server(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, '1.2.3')
}

const serving = (listener: RequestListener) => listening(createServer(listener))

async function statuses(server: Server): Promise<string[]> {
  const told: string[] = []
  const lines = server.lines<{ status: string }>('/api/pull', { body: {} }, line => line.status === 'success')
  for await (const line of lines) told.push(line.status)
  return told
}

describe('Server', () => {
  it('reads a stream whatever pieces it comes in', async () => {
    const server = await serving((_, response) => {
      const bytes = Buffer.from('{"status":"你好"}\n\n{"status":"success"}')
      for (let at = 0; at < bytes.length; at += 2) response.write(bytes.subarray(at, at + 2))
      response.end()
    })
    expect(await statuses(server)).toEqual(['你好', 'success'])
  })

  it('throws what a stream tells as an error, and what a status does with the status before it', async () => {
    const midway = await serving((_, response) => response.end('{"status":"a"}\n{"error":"no room"}\n'))
    await expect(statuses(midway)).rejects.toThrow(/^no room$/)
    const refused = await serving((_, response) => response.writeHead(400).end('{"error":"invalid model name"}'))
    await expect(statuses(refused)).rejects.toThrow(/^400 Bad Request: invalid model name$/)
    await expect(refused.json('GET', '/api/tags')).rejects.toThrow(/^invalid model name$/)
  })

  // Half an answer that ends like a whole one would be taken for it.
  it.each([
    ['ends too early', false],
    ['is torn off', true],
  ])('says so when a stream %s', async (_, torn) => {
    const server = await serving((_, response) => {
      response.write('{"status":"a"}\n', () => (torn ? response.destroy() : response.end()))
    })
    await expect(statuses(server)).rejects.toThrow(`the server at ${server.address} ended in the middle of its answer`)
  })

  it.each([
    ['a page of HTML', '<html>hello</html>'],
    ['JSON that is no object', '[1]\n'.repeat(2)],
    ['null', 'null'],
  ])('tells that %s is no answer of Ollama', async (_, body) => {
    const server = await serving((_, response) => response.end(body))
    await expect(server.json('GET', '/api/tags')).rejects.toThrow('does not answer as an Ollama server does')
    await expect(statuses(server)).rejects.toThrow('does not answer as an Ollama server does')
  })

  it('tells that what speaks no HTTP is no Ollama server', async () => {
    const server = await listening(createTcpServer(socket => socket.resume().end('SSH-2.0-OpenSSH_9.2\r\n')))
    await expect(server.heartbeat()).rejects.toThrow('does not answer as an Ollama server does')
  })

  it('tells that nobody listens', async () => {
    const server = await serving(() => {})
    await new Promise(resolve => open.pop()?.close(resolve))
    const error = await server.heartbeat().catch((error: unknown) => error)
    expect(error).toBeInstanceOf(CannotConnect)
    expect(error).toMatchObject({
      code: 'ECONNREFUSED',
      message: `could not connect to ${server.address}: connection refused`,
    })
  })

  // The server goes on writing an answer nobody reads.
  it('ends the connection when the reader stops', async () => {
    let gone = () => {}
    const left = new Promise<void>(resolve => {
      gone = resolve
    })
    const server = await serving((_, response) => {
      response.once('close', gone)
      response.write('{"status":"a"}\n')
    })
    for await (const _ of server.lines('/api/pull', { body: {} }, () => false)) break
    await left
  })

  // A full disk is told at once; sending on would end in a broken pipe and hide why.
  it('stops sending a blob when the server refuses it, and says what the server said', async () => {
    const server = await serving((_, response) => response.writeHead(500).end('{"error":"no space left on device"}'))
    async function* endless() {
      for (;;) yield new Uint8Array(65_536)
    }
    const sent = server.sendBlob('sha256:0', { from: endless(), length: 2 ** 40 })
    await expect(sent).rejects.toThrow('500 Internal Server Error: no space left on device')
  })

  it('does not send a blob on after its file could not be read', async () => {
    const server = await serving(request => request.resume())
    async function* broken() {
      yield new Uint8Array(10)
      throw new Error('read error')
    }
    await expect(server.sendBlob('sha256:0', { from: broken(), length: 100 })).rejects.toThrow('read error')
  })
})
