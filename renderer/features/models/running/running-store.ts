import { create } from 'zustand'
import { ollama } from '../../../state/ollama.ts'
import { shortModelName } from '../installed-model.ts'

/** A model in memory. */
export interface RunningModel {
  readonly name: string
  /** Bytes of memory, graphics card included; 0 while it is still being loaded. */
  readonly memory: number
  /** Seconds until it leaves by itself; null for one that stays. */
  readonly secondsLeft: number | null
}

/** How often the models in memory are looked for while they are shown. Milliseconds. */
const lookEvery = 2000
/** What stays "for ever" is told as some 292 years. Seconds. */
const ages = 10 * 365 * 86_400

export const useRunning = create<{ running: readonly RunningModel[] }>(() => ({ running: [] }))

/** Follows what is in memory until the returned function is called. */
export function watchRunning(): () => void {
  const look = () => {
    // The last picture stays while there is no newer one: the page says elsewhere what is wrong.
    if (document.visibilityState === 'visible') void lookAtRunning().catch(() => undefined)
  }
  look()
  const timer = setInterval(look, lookEvery)
  return () => clearInterval(timer)
}

async function lookAtRunning(): Promise<void> {
  const { models } = await ollama.ps()
  const running = models.map(({ name, size, expires_at }): RunningModel => {
    const secondsLeft = (new Date(expires_at).getTime() - Date.now()) / 1000
    return {
      name: shortModelName(name),
      memory: size,
      secondsLeft: secondsLeft > ages ? null : Math.max(0, secondsLeft),
    }
  })
  useRunning.setState({ running })
}

/** Gives a model's memory back, once it has finished what it is writing. */
export async function unload(name: string): Promise<void> {
  await ollama.generate({ model: name, prompt: '', keep_alive: 0 })
  await lookAtRunning()
}
