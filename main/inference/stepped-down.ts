import type { NoticeValues } from '../../preload/contract.ts'
import type { SteppedDown } from '../engine/engine.ts'

/**
 * Makes plain values of what a model was loaded without. Models come and go by themselves, so each is told of once for
 * each kind of loss, as long as the program runs.
 * @param tell gets the values of the notice `model-stepped-down`
 */
export function steppedDownTeller(
  tell: (values: NoticeValues<'model-stepped-down'>) => void,
): (model: string, steppedDown: SteppedDown) => void {
  const told = new Set<string>()
  return (model, { asked, given }) => {
    const isShorter = given.contextSize < asked.contextSize
    const reason = given.gpuLayers >= asked.gpuLayers ? 'context' : isShorter ? 'both' : 'graphics'
    const key = `${reason} ${model}`
    if (told.has(key)) return
    told.add(key)
    tell({
      model,
      reason,
      askedContext: asked.contextSize,
      context: given.contextSize,
      askedLayers: asked.gpuLayers,
      layers: given.gpuLayers,
    })
  }
}
