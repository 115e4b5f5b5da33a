import { getLlama, LlamaLogLevel } from 'node-llama-cpp'

/**
 * Told the path of a model, says whether llama.cpp loads it. A process of its own, as llama.cpp may not let go of one.
 */
const llama = await getLlama({ gpu: false, build: 'never', logLevel: LlamaLogLevel.disabled })
process.on('message', async (modelPath: string) => {
  const model = await llama
    .loadModel({ modelPath, gpuLayers: 0, ignoreMemorySafetyChecks: true })
    .catch(() => undefined)
  await model?.dispose()
  process.send!(model !== undefined)
})
process.send!('ready')
