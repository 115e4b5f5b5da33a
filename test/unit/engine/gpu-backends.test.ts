import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { type GpuBackend, mayUse, withoutGpu } from '../../../main/engine/gpu-backends.ts'

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

// A Mac with Apple's chip could load no model without its graphics card.
it.each<[NodeJS.Platform, NodeJS.Architecture, string]>([
  ['darwin', 'arm64', 'mac-arm64'],
  ['darwin', 'x64', 'mac-x64'],
  ['linux', 'arm64', 'linux-arm64'],
  ['linux', 'x64', 'linux-x64'],
  ['win32', 'arm64', 'win-arm64'],
  ['win32', 'x64', 'win-x64'],
])('without a graphics card there is a build of llama.cpp for %s %s', (platform, arch, name) => {
  const file = new URL('../package.json', import.meta.resolve('node-llama-cpp'))
  const { optionalDependencies } = JSON.parse(readFileSync(fileURLToPath(file), 'utf8'))
  const gpu = withoutGpu(platform, arch)
  expect(Object.keys(optionalDependencies)).toContain(`@node-llama-cpp/${gpu ? `${name}-${gpu}` : name}`)
})
