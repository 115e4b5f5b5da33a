import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fixtures, post, type TestServer, upload } from './server.ts'

/** Creates the chat model with the bytes behind a key's name changed, as a model of its own. */
export async function createChanged(
  { url, models }: TestServer,
  model: string,
  key: string,
  change: (bytes: Buffer, at: number) => void,
): Promise<void> {
  const bytes = await readFile(join(fixtures, 'tiny-chat-q8_0.gguf'))
  change(bytes, bytes.indexOf(key) + key.length)
  const path = join(models, `${model}.gguf`)
  await writeFile(path, bytes)
  const [digest] = await upload(url, [path])
  const created = await post(url, '/api/create', { model, files: { 'model.gguf': digest }, stream: false })
  if (!created.ok) throw new Error(await created.text())
}
