import { expect, it } from 'vitest'
import { engineEnvironment } from '../../../main/engine/environment.ts'

it("gives the engine one native worker and keeps main's debugger options away from it", () => {
  const env = { PATH: '/bin', NODE_OPTIONS: '--inspect-brk', UV_THREADPOOL_SIZE: '8', GONE: undefined }
  expect(engineEnvironment(env)).toEqual({ PATH: '/bin', UV_THREADPOOL_SIZE: '1' })
})
