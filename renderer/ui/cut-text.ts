/** What may be too long for its place, and ends in an ellipsis there. */
const mayBeCut = '.truncate, [class*=line-clamp], .results td'

/** Shows the whole of a text that is cut off once the pointer rests on it; called once, for all of them. */
export function showCutTexts(): void {
  document.addEventListener('pointerover', ({ target }) => {
    const element = target instanceof Element ? target.closest<HTMLElement>(mayBeCut) : null
    if (!element || element.parentElement?.closest('[title]')) return
    // A title of somebody else's says more than the text.
    if (element.title !== '' && element.dataset.cut === undefined) return
    const { scrollWidth, clientWidth, scrollHeight, clientHeight } = element
    if (scrollWidth > clientWidth || scrollHeight > clientHeight + 1) {
      element.dataset.cut = ''
      element.title = element.textContent ?? ''
    } else {
      delete element.dataset.cut
      element.removeAttribute('title')
    }
  })
}
