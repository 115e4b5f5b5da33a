import { flag, variable } from '../variables.ts'

/** What computes beside the processor. */
export type GpuBackend = 'cuda' | 'vulkan' | 'metal'

/**
 * Whether a backend may be used: with a driver that hangs or crashes the person leaves it out. OLLAMA_LLM_LIBRARY names
 * the only one, with or without the version of its library (`cuda_v13`), where any other name, `cpu` say, leaves none;
 * OLLAMA_VULKAN=0 leaves out Vulkan (upstream envconfig/config.go, discover/runner.go).
 */
export function mayUse(backend: GpuBackend, env: NodeJS.ProcessEnv): boolean {
  const only = variable(env, 'OLLAMA_LLM_LIBRARY').toLowerCase().split('_')[0]
  if (only !== '' && only !== backend) return false
  return backend !== 'vulkan' || flag(env, 'OLLAMA_VULKAN') !== false
}

/**
 * What is opened where no graphics card is to be used: node-llama-cpp has no build without Metal for Apple's chips.
 * There the plan gives it no layers instead.
 */
export function withoutGpu(platform: NodeJS.Platform, arch: NodeJS.Architecture): 'metal' | false {
  return platform === 'darwin' && arch === 'arm64' ? 'metal' : false
}
