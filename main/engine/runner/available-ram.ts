import { readFileSync } from 'node:fs'
import { freemem, totalmem } from 'node:os'

/** The text of a file of the kernel's; undefined where there is none. */
export type ReadKernelFile = (path: string) => string | undefined

/** Bytes left for the rest of the machine. */
const reserve = Math.min(totalmem() * 0.03, 2 ** 29)

/**
 * Bytes of main memory this process may still take without the machine slowing down or the kernel ending it: what is
 * available, files in the cache included, and no more than its limits leave (a container's, or `ulimit -d`). Node's own
 * `availableMemory` takes the cache of files for used inside a container, where a model just downloaded fills it.
 * @param freeSwap bytes
 */
export function availableRam(freeSwap: number, read: ReadKernelFile = readKernelFile): number {
  const meminfo = read('/proc/meminfo')
  const available = meminfo === undefined ? freemem() : kibibytes(meminfo, 'MemAvailable')
  return Math.min(available + freeSwap, cgroupRoom(read), dataRoom(read)) - reserve
}

/** The least room in the control groups of this process, of either version, up to the outermost that can be seen. */
function cgroupRoom(read: ReadKernelFile): number {
  const room = [Number.POSITIVE_INFINITY]
  for (const line of (read('/proc/self/cgroup') ?? '').split('\n')) {
    const [, controllers = '', path = ''] = /^\d+:([^:]*):(.*)$/.exec(line) ?? []
    const version = controllers === '' ? unified : controllers.split(',').includes('memory') ? legacy : undefined
    const parts = path.split('/').filter(part => part !== '')
    for (let depth = parts.length; version && depth >= 0; depth--) {
      const folder = [version.root, ...parts.slice(0, depth)].join('/')
      const limit = Number(read(`${folder}/${version.limit}`) ?? Number.NaN)
      const used = Number(read(`${folder}/${version.used}`) ?? Number.NaN)
      if (!Number.isFinite(limit - used)) continue
      const stat = read(`${folder}/memory.stat`) ?? ''
      const cached = version.cached.reduce((sum, name) => sum + Number(field(stat, name) ?? 0), 0)
      room.push(limit - used + cached)
    }
  }
  return Math.min(...room)
}

const unified = {
  root: '/sys/fs/cgroup',
  limit: 'memory.max',
  used: 'memory.current',
  cached: ['inactive_file', 'active_file'],
}

const legacy = {
  root: '/sys/fs/cgroup/memory',
  limit: 'memory.limit_in_bytes',
  used: 'memory.usage_in_bytes',
  cached: ['total_inactive_file', 'total_active_file'],
}

/** Room under RLIMIT_DATA, which counts private memory alone, not the mapped files of the weights. */
function dataRoom(read: ReadKernelFile): number {
  const limit = /^Max data size\s+(\d+)/m.exec(read('/proc/self/limits') ?? '')?.[1]
  if (limit === undefined) return Number.POSITIVE_INFINITY
  return Number(limit) - kibibytes(read('/proc/self/status') ?? '', 'VmData')
}

function kibibytes(text: string, name: string): number {
  return Number.parseInt(field(text, `${name}:`) ?? '0', 10) * 1024
}

/** What stands behind a name at the beginning of a line. */
function field(text: string, name: string): string | undefined {
  const line = text.split('\n').find(line => line.startsWith(`${name} `) || line.startsWith(`${name}\t`))
  return line?.slice(name.length).trim()
}

function readKernelFile(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return undefined
  }
}
