import { spawn } from 'node:child_process'
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Library } from '../../../main/library/library.ts'
import { smallModel } from '../../unit/gguf/build-gguf.ts'
import { age, blobNames, chunks, eachInTemporaryFolder, expectWhole } from './ollama-folder.ts'

const folder = eachInTemporaryFolder()

/**
 * Runs the hammer in a process of its own; `killAfter` milliseconds ends it as the system does when memory runs out.
 */
function hammer(
  prefix: string,
  weights: string,
  rounds: number,
  killAfter?: number,
): Promise<{ code: number | null; log: string }> {
  const script = 'test/integration/library/hammer.ts'
  const child = spawn(process.execPath, [
    '--import',
    'tsx',
    script,
    join(folder.path, 'models'),
    prefix,
    weights,
    String(rounds),
  ])
  let log = ''
  child.stderr.on('data', chunk => {
    log += chunk
  })
  const timer = killAfter === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killAfter)
  return new Promise(resolve => {
    child.on('exit', code => {
      clearTimeout(timer)
      resolve({ code, log })
    })
  })
}

describe('two processes in one folder', () => {
  it('leave every model whole and nothing half-written', async () => {
    const weights = join(folder.path, 'weights')
    writeFileSync(weights, smallModel())
    const root = join(folder.path, 'models')
    const ends = await Promise.all(['a', 'b'].map(prefix => hammer(prefix, weights, 60)))
    expect(ends.map(({ code, log }) => ({ code, log }))).toEqual([
      { code: 0, log: '' },
      { code: 0, log: '' },
    ])
    expectWhole(root)
    expect(blobNames(root).every(name => /^sha256-[0-9a-f]{64}$/.test(name))).toBe(true)
    expect(readdirSync(join(root, 'manifests')).filter(name => name.startsWith('.'))).toEqual([])
    const library = new Library({ modelsFolder: root })
    expect((await library.list()).length).toBeGreaterThan(2)
    expect(library.warnings).toEqual([])
  })

  it('one of them killed leaves every model whole; its remains are cleared away an hour later', async () => {
    const weights = join(folder.path, 'weights')
    // Large enough that the kill falls into the writing of a blob about as often as elsewhere.
    writeFileSync(weights, Buffer.concat([smallModel(), Buffer.alloc(8 * 2 ** 20)]))
    const root = join(folder.path, 'models')
    for (let round = 0; round < 6; round++) {
      const { code } = await hammer('k', weights, 10_000, 900 + round * 130)
      expect(code).toBeNull()
      if (existsSync(join(root, 'manifests'))) expectWhole(root)
    }
    const library = new Library({ modelsFolder: root })
    await library.create({
      model: 'last',
      files: { 'm.gguf': (await library.blobs.write(chunks(smallModel()))).digest },
    })
    for (const name of blobNames(root)) age(join(root, 'blobs', name), 2)
    for (const name of readdirSync(join(root, 'manifests'))) age(join(root, 'manifests', name), 2)
    await library.prune()
    expectWhole(root)
    expect(blobNames(root).every(name => /^sha256-[0-9a-f]{64}$/.test(name))).toBe(true)
    expect(readdirSync(join(root, 'manifests')).filter(name => name.startsWith('.'))).toEqual([])
  })
})
