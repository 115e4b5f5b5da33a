import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { readHeader } from '../../../main/gguf/header.ts'
import { rewriteGguf } from '../../../main/library/gguf/rewrite.ts'

/** A copy of a GGUF whose model knows no template: it completes, and can do nothing else. */
export async function withoutTemplate(path: string, folder: string): Promise<string> {
  const copy = join(folder, 'plain.gguf')
  const file = await open(copy, 'w')
  try {
    const source = { path, header: await readHeader(path) }
    const edit = { drop: (key: string) => key === 'tokenizer.chat_template' }
    await rewriteGguf([source], edit, async bytes => void (await file.write(bytes)))
  } finally {
    await file.close()
  }
  return copy
}
