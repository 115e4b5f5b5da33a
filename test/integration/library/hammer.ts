import { readFileSync } from 'node:fs'
import { Library } from '../../../main/library/library.ts'
import { Problem } from '../../../main/problem.ts'

/**
 * One of several processes that create, copy and delete models of the same weights in one folder.
 * Arguments: the models folder, a prefix for its names, the file of the weights, rounds.
 */
const [modelsFolder, prefix, weights, rounds] = process.argv.slice(2) as [string, string, string, string]
const library = new Library({ modelsFolder })
const bytes = readFileSync(weights)

async function* once() {
  yield bytes
}

for (let round = 0; round < Number(rounds); round++) {
  const name = `${prefix}${round % 3}`
  try {
    const { digest } = await library.blobs.write(once())
    await library.create({ model: name, files: { 'm.gguf': digest }, system: `${prefix} ${round % 5}` })
    await library.copy(name, `${prefix}-copy`)
    await library.copy(name, 'everyone')
    if (round % 2) await library.remove(name)
    if (round % 7 === 0) await library.prune()
    await library.list()
  } catch (error) {
    // The other process may take away a name both use, or a blob in the very moment; then it is said, not half done.
    const expected = error instanceof Problem && (error.status === 404 || error.message.startsWith('open '))
    if (!expected) throw error
  }
}
