import type { Converted, ConvertJob, ToolHooks } from '../../tool-engine.ts'
import { adapterConfig, planAdapter } from './adapter.ts'
import { planModel } from './model.ts'
import { ModelFolder } from './source/model-folder.ts'
import { writeGguf } from './write-gguf.ts'

/**
 * Makes a GGUF of a Hugging Face folder: a model's, or that of a LoRA adapter, which has an adapter_config.json.
 * @param hooks onProgress is told the bytes of tensors written and all there are
 * @throws Problem in upstream's words where it has them (upstream convert/); the file system's errors; the signal's
 * reason
 */
export async function convertSafetensors(job: ConvertJob, hooks: ToolHooks = {}): Promise<Converted> {
  const folder = new ModelFolder(job.files)
  const kind = folder.has(adapterConfig) ? 'adapter' : 'model'
  const plan = kind === 'adapter' ? await planAdapter(folder, job.base) : await planModel(folder)
  await writeGguf(job.output, plan, hooks)
  return { kind, architecture: plan.architecture, warnings: plan.warnings }
}
