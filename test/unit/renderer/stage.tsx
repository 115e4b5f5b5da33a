import { cleanup, configure, type RenderResult, render } from '@testing-library/react'
import type { ReactNode } from 'react'
import { afterEach } from 'vitest'
import { startTexts } from '../../../renderer/i18n/i18n.ts'
import { useToasts } from '../../../renderer/state/toasts.ts'
import { Toaster } from '../../../renderer/ui/toaster.tsx'
import { TooltipProvider } from '../../../renderer/ui/tooltip.tsx'

/** Import this first in a test of components: texts in English, and an empty page after each test. */
await startTexts('en')
// The page has a doctype; a test's document does not, and KaTeX would complain.
Object.defineProperty(document, 'compatMode', { value: 'CSS1Compat' })

// What a part loads when it is first needed, such as formulas, takes a busy machine its time.
configure({ asyncUtilTimeout: 30_000 })

afterEach(() => {
  cleanup()
  localStorage.clear()
  // They stand for seconds: the next test's page would show them.
  useToasts.setState({ toasts: [] })
})

/** Draws a part of the window with what every part may rely on. */
export const stage = (part: ReactNode): RenderResult => render(part, { wrapper: Around })

// As a wrapper it stands around what is drawn again, too, which would be made anew otherwise.
function Around({ children }: { children: ReactNode }) {
  return (
    <TooltipProvider>
      {children}
      <Toaster />
    </TooltipProvider>
  )
}

/** Waits for promises, effects and frames that are due. */
export const settle = (milliseconds = 30) => new Promise(resolve => setTimeout(resolve, milliseconds))
