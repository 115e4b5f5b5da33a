import { ollama } from '../../../state/ollama.ts'
import { changeSettings, useSettings } from '../../../state/settings.ts'
import { showToast } from '../../../state/toasts.ts'
import { isTrial, modelKey } from '../installed-model.ts'
import { removeMaking, useMakings } from '../making/makings-store.ts'
import { refreshModels, useModels } from '../models-store.ts'
import { removePull, usePulls } from '../pulls/pulls-store.ts'
import { unload, useRunning } from '../running/running-store.ts'

/** Why a name cannot be given to a model. */
export type NameTrouble = 'manage.nameTaken' | 'manage.nameInvalid'

/** `[host/][namespace/]model[:tag]`, as main reads names. */
const grammar = /^(?:[\w][\w.:-]{0,349}\/)?(?:[\w][\w-]{0,79}\/)?[\w][\w.-]{0,79}(?::[\w][\w.-]{0,79})?$/
/** Tags that say where a model runs, not what it is called. */
const sources = /(?::|-)(?:cloud|local)$/i

export async function nameTrouble(name: string): Promise<NameTrouble | undefined> {
  if (!grammar.test(name) || sources.test(name) || isTrial(name)) return 'manage.nameInvalid'
  // Another program may have made one of this name; a copy would replace it.
  await refreshModels()
  const taken = useModels.getState().models?.some(model => modelKey(model.name) === modelKey(name))
  return taken ? 'manage.nameTaken' : undefined
}

/** Gives a model a second name. */
export async function copyModel(name: string, to: string): Promise<void> {
  await ollama.copy({ source: name, destination: to })
  await refreshModels()
}

/** Gives a model another name; it is never without one. */
export async function renameModel(name: string, to: string): Promise<void> {
  await copyModel(name, to)
  await ollama.delete({ model: name })
  if (modelKey(useSettings.getState().model) === modelKey(name)) await changeSettings({ model: to })
  await refreshModels()
}

/** Deletes a model. Its memory is given back first: until then the disk would not be. */
export async function deleteModel(name: string): Promise<void> {
  if (useRunning.getState().running.some(running => running.name === name)) await unload(name)
  await ollama.delete({ model: name })
  // That it came, or was made, is no longer news.
  const arrived = usePulls
    .getState()
    .pulls.filter(({ model, state }) => state === 'done' && modelKey(model) === modelKey(name))
  for (const pull of arrived) await removePull(pull)
  const made = useMakings
    .getState()
    .makings.filter(({ model, state }) => state === 'done' && modelKey(model) === modelKey(name))
  for (const { id } of made) await removeMaking(id)
  showToast({ text: 'manage.deleted', values: { model: name } })
  await refreshModels()
}
