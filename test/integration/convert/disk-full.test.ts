import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { convertSafetensors } from '../../../main/engine/tool/safetensors/convert.ts'
import { asProblem } from '../../../main/problem.ts'
import { fixture } from '../engine/engine.ts'
import { convertingFolder } from './converted.ts'

const { folder } = convertingFolder()

// A small file system of its own, which only root on Linux can mount; there it must work, or the test fails.
it.runIf(process.platform === 'linux' && process.getuid?.() === 0)(
  'a disk that fills in the middle is told of, and has its room back',
  async () => {
    const disk = join(folder.path, 'disk')
    mkdirSync(disk)
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=6m', 'tmpfs', disk])
    try {
      const source = fixture('tiny-chat-hf')
      const files = Object.fromEntries(readdirSync(source).map(name => [name, join(source, name)]))
      const output = join(disk, 'converted.gguf')
      const free = () => statfsSync(disk).bavail
      // The file takes 5.5 MB: too much by its head alone, by its last tensor, and at places between.
      for (const ballast of [6_000_000, 4_000_000, 2_500_000, 900_000]) {
        writeFileSync(join(disk, 'ballast'), Buffer.alloc(ballast))
        const before = free()
        const failure = await convertSafetensors({ files, output }).catch((error: unknown) => error)
        expect(asProblem(failure)).toMatchObject({ code: 'disk-full', message: 'no space left on device' })
        expect(existsSync(output)).toBe(false)
        expect(free()).toBe(before)
      }
      writeFileSync(join(disk, 'ballast'), '')
      expect(await convertSafetensors({ files, output })).toMatchObject({ kind: 'model' })
    } finally {
      execFileSync('umount', [disk])
    }
  },
)
