import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { writeAtomically } from '../files/atomic-file.ts'

/** In the screen's own units. */
export interface Rectangle {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface WindowPlace {
  readonly bounds: Rectangle
  readonly maximized: boolean
}

export const smallest = { width: 480, height: 400 }

const placeSchema = z.object({
  bounds: z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() }),
  maximized: z.boolean(),
})

/** Below this much of it on a screen a window cannot be grasped any more. */
const graspable = { width: 120, height: 40 }

/**
 * Where the window was last, from `file`. A screen may be gone since, or the file may be anything.
 * @param screens the work areas of all screens
 * @returns undefined when there is no place to go back to
 */
export function rememberedPlace(file: string, screens: readonly Rectangle[]): WindowPlace | undefined {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
  const place = placeSchema.safeParse(parse(text))
  if (!place.success) return undefined
  const { bounds, maximized } = place.data
  const fits = bounds.width >= smallest.width && bounds.height >= smallest.height
  return fits && screens.some(screen => visible(bounds, screen)) ? { bounds, maximized } : undefined
}

export const rememberPlace = (file: string, place: WindowPlace): Promise<void> =>
  writeAtomically(file, `${JSON.stringify(place)}\n`)

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The title bar is at the top, so that edge has to be inside. */
function visible(window: Rectangle, screen: Rectangle): boolean {
  const width = Math.min(window.x + window.width, screen.x + screen.width) - Math.max(window.x, screen.x)
  const above = window.y >= screen.y && window.y + graspable.height <= screen.y + screen.height
  return width >= graspable.width && above
}
