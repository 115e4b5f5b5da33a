import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { writeAtomically } from '../files/atomic-file.ts'

/** Most windows that come back; a file may claim any number. */
const mostWindows = 20

const openWindowSchema = z.object({
  number: z.number().int().min(1).max(1_000),
  /** The chat or form it showed last, as its page's address has it; empty for its first place. */
  page: z
    .string()
    .max(200)
    .regex(/^(#\/(chat|forms)(\/[\w%-]*)?)?$/),
})

/** A window as it is remembered. Its place on the screen is in a file of its own (window-place.ts). */
export type OpenWindow = z.output<typeof openWindowSchema>

/** The windows that were open last, leniently: what cannot be read is left out. */
export function rememberedWindows(file: string): OpenWindow[] {
  try {
    const entries = z.array(z.unknown()).parse(JSON.parse(readFileSync(file, 'utf8')))
    const read = entries.flatMap(entry => {
      const window = openWindowSchema.safeParse(entry)
      return window.success ? [window.data] : []
    })
    const ofNumber = new Map(read.map(window => [window.number, window]))
    return [...ofNumber.values()].slice(0, mostWindows)
  } catch {
    // Missing at the first start, and anything else is no reason not to start.
    return []
  }
}

export const rememberWindows = (file: string, windows: readonly OpenWindow[]): Promise<void> =>
  writeAtomically(file, `${JSON.stringify(windows)}\n`)

/** Whether a page, as its address has it, is one to come back to, and no place to look something up or set it. */
export const isLasting = (hash: string): boolean => hash !== '' && openWindowSchema.shape.page.safeParse(hash).success
