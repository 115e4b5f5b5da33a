import { useEffect, useState } from 'react'
import { subscribe } from '../../state/bridge.ts'

/**
 * Whether the folder of the models is away with its disk: no download could be put there. Undefined until it is told.
 */
export function useModelsAway(): boolean | undefined {
  const [away, setAway] = useState<boolean>()
  useEffect(() => subscribe('modelsFolder.watch', {}, place => setAway(place.away)), [])
  return away
}

/** What to do where no model is there to answer. */
export const useNoneWords = () => (useModelsAway() ? 'models.noneAway' : 'models.noneSentence')
