import { expect, it } from 'vitest'
import { type GpuBackend, mayUse } from '../../../main/engine/gpu-backends.ts'

const backends: readonly GpuBackend[] = ['cuda', 'vulkan', 'metal']

it.each<[NodeJS.ProcessEnv, readonly GpuBackend[]]>([
  [{}, backends],
  [{ OLLAMA_VULKAN: '0' }, ['cuda', 'metal']],
  [{ OLLAMA_VULKAN: ' "false" ' }, ['cuda', 'metal']],
  [{ OLLAMA_VULKAN: '1' }, backends],
  [{ OLLAMA_LLM_LIBRARY: 'cuda_v13' }, ['cuda']],
  [{ OLLAMA_LLM_LIBRARY: 'Vulkan' }, ['vulkan']],
  [{ OLLAMA_LLM_LIBRARY: 'cpu_avx2' }, []],
  [{ OLLAMA_LLM_LIBRARY: 'rocm' }, []],
  [{ OLLAMA_LLM_LIBRARY: 'vulkan', OLLAMA_VULKAN: '0' }, []],
])('with %j a model may be loaded with %j', (env, allowed) => {
  expect(backends.filter(backend => mayUse(backend, env))).toEqual(allowed)
})
