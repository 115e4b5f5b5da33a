import type { Settings } from '../../preload/contract.ts'

const remembered = 'hearth.theme'

/** Puts the theme on the page. `system` leaves the choice to the style sheet's light-dark(). */
export function applyTheme(theme: Settings['theme']): void {
  if (theme === 'system') document.documentElement.removeAttribute('data-theme')
  else document.documentElement.dataset.theme = theme
  localStorage.setItem(remembered, theme)
}

/** The theme of the last time, put on before main has answered, so that the window does not flash. */
export function applyRememberedTheme(): void {
  const theme = localStorage.getItem(remembered)
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
}
