import { totalmem } from 'node:os'
import { expect, it } from 'vitest'
import { availableRam } from '../../../../main/engine/runner/available-ram.ts'

const gib = 1024 ** 3
const reserve = Math.min(totalmem() * 0.03, gib / 2)

/** What a machine with these files of the kernel's has available, in GiB. */
function available(files: Record<string, string>, swap = 0): number {
  const machine: Record<string, string> = {
    '/proc/meminfo': `MemFree: 1 kB\nMemAvailable:   ${8 * 1024 ** 2} kB\n`,
    ...files,
  }
  return (availableRam(swap * gib, path => machine[path]) + reserve) / gib
}

it('is what the kernel calls available, and free swap', () => {
  expect(available({})).toBeCloseTo(8)
  expect(available({}, 3)).toBeCloseTo(11)
})

it('is not less in a container whose limit is filled by files in the cache, such as a model just downloaded', () => {
  const files = {
    '/proc/self/cgroup': '0::/\n',
    '/sys/fs/cgroup/memory.max': `${4 * gib}\n`,
    '/sys/fs/cgroup/memory.current': `${4 * gib}\n`,
    '/sys/fs/cgroup/memory.stat': `anon ${gib}\nfile ${3 * gib}\ninactive_file ${2 * gib}\nactive_file ${gib}\n`,
  }
  expect(available(files)).toBeCloseTo(3)
})

it('is bounded by the narrowest of the groups around a process', () => {
  const files = {
    '/proc/self/cgroup': '0::/user.slice/app\n',
    '/sys/fs/cgroup/user.slice/app/memory.max': 'max\n',
    '/sys/fs/cgroup/user.slice/app/memory.current': `${gib}\n`,
    '/sys/fs/cgroup/user.slice/memory.max': `${3 * gib}\n`,
    '/sys/fs/cgroup/user.slice/memory.current': `${gib}\n`,
  }
  expect(available(files)).toBeCloseTo(2)
})

it('knows groups of the first version, seen from outside and from within a container', () => {
  const cgroup = '5:cpu:/x\n4:memory:/docker/1\n0::/\n'
  const at = (folder: string) => ({
    '/proc/self/cgroup': cgroup,
    [`${folder}/memory.limit_in_bytes`]: `${2 * gib}`,
    [`${folder}/memory.usage_in_bytes`]: `${gib}`,
    [`${folder}/memory.stat`]: `inactive_file 1\ntotal_inactive_file ${gib / 2}\n`,
  })
  expect(available(at('/sys/fs/cgroup/memory/docker/1'))).toBeCloseTo(1.5)
  expect(available(at('/sys/fs/cgroup/memory'))).toBeCloseTo(1.5)
})

it('obeys ulimit -d, of which Node itself has used a part', () => {
  const files = {
    '/proc/self/limits': 'Max data size             2147483648           unlimited            bytes     \n',
    '/proc/self/status': 'VmPeak:\t  99 kB\nVmData:\t  524288 kB\n',
  }
  expect(available(files)).toBeCloseTo(1.5)
  expect(
    available({ '/proc/self/limits': 'Max data size             unlimited            unlimited            bytes' }),
  ).toBe(available({}))
})

it('is a number on this machine', () => {
  expect(availableRam(0)).toBeGreaterThan(0)
})
