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
      const fill = (bytes: number) => writeFileSync(join(disk, 'ballast'), Buffer.alloc(bytes))
      const expectFull = async (onProgress: (done: number) => void) => {
        const failure = await convertSafetensors({ files, output }, { onProgress }).catch((error: unknown) => error)
        expect(asProblem(failure)).toMatchObject({ code: 'disk-full', message: 'no space left on device' })
        expect(existsSync(output)).toBe(false)
      }
      // The file takes 5.5 MB, of which the disk has less from the beginning: nothing is written at all.
      fill(900_000)
      const before = free()
      await expectFull(() => expect.unreachable())
      expect(free()).toBe(before)
      // Others fill the disk meanwhile: after the head, in the middle, before the last tensor.
      for (const part of [0, 0.5, 0.9]) {
        fill(0)
        const whole = free()
        let filled = false
        await expectFull(done => {
          if (filled || done < part * 5_400_000) return
          filled = true
          fill(statfsSync(disk).bavail * statfsSync(disk).bsize)
        })
        expect(filled).toBe(true)
        fill(0)
        expect(free()).toBe(whole)
      }
      expect(await convertSafetensors({ files, output })).toMatchObject({ kind: 'model' })
    } finally {
      execFileSync('umount', [disk])
    }
  },
)
