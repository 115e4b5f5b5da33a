import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { readHeader } from '../../../main/gguf/header.ts'
import { rewriteGguf } from '../../../main/library/gguf/rewrite.ts'

const key = 'tokenizer.chat_template'

/** A copy of a GGUF with another chat template; with none its model completes, and can do nothing else. */
export async function withTemplate(path: string, folder: string, template?: string): Promise<string> {
  const copy = join(folder, 'with-template.gguf')
  const file = await open(copy, 'w')
  try {
    const source = { path, header: await readHeader(path) }
    const edit = { drop: (name: string) => name === key, ...(template ? { add: { [key]: template } } : {}) }
    await rewriteGguf([source], edit, async bytes => void (await file.write(bytes)))
  } finally {
    await file.close()
  }
  return copy
}
