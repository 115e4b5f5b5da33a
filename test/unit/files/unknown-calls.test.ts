import { describe, expect, it } from 'vitest'
import { freeBytes, requireSpace } from '../../../main/files/free-space.ts'
import { syncFolder } from '../../../main/files/sync-folder.ts'

const failing = (code: string) => async () => {
  throw Object.assign(new Error(`${code}: fsync`), { code })
}

// A folder that VirtualBox lends its guest: a model that lay there whole was told to have failed, and none was let in.
describe.skipIf(process.platform === 'win32')('a folder whose file system knows no sync of folders', () => {
  it.each(['EINVAL', 'ENOTSUP', 'EBADF', 'EPERM', 'EACCES'])('is passed over where it says %s', async code => {
    await expect(syncFolder('/shared', failing(code))).resolves.toBeUndefined()
  })

  it('does not hide that a disk is broken, or full', async () => {
    for (const code of ['EIO', 'ENOSPC']) await expect(syncFolder('/shared', failing(code))).rejects.toThrow(code)
  })
})

describe('free space', () => {
  it('that nobody tells keeps nothing away', async () => {
    const zeros = { blocks: 0, bavail: 0, bsize: 4096 }
    expect(freeBytes(zeros)).toBeUndefined()
    await expect(requireSpace('/shared', 1e12, async () => zeros)).resolves.toBeUndefined()
  })

  it('that is told and is none keeps everything away', async () => {
    const full = async () => ({ blocks: 1000, bavail: 1, bsize: 4096 })
    await expect(requireSpace('/shared', 4096, full)).resolves.toBeUndefined()
    await expect(requireSpace('/shared', 4097, full)).rejects.toMatchObject({ code: 'disk-full' })
  })
})
