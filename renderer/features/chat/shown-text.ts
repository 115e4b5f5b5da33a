/**
 * An answer as it is drawn, without the signs of its markdown: cells between tabs, items with a dash or their number,
 * formulas as LaTeX, code without the name of its language.
 * @param drawn the markdown of the answer, in the page
 */
export function shownText(drawn: HTMLElement): string {
  const copy = drawn.cloneNode(true) as HTMLElement
  for (const caption of copy.querySelectorAll('figcaption')) caption.remove()
  // Drawn twice, for the eye and for screen readers.
  for (const formula of copy.querySelectorAll('.katex')) {
    formula.replaceWith(formula.querySelector('annotation')?.textContent ?? formula.textContent ?? '')
  }
  for (const item of copy.querySelectorAll('li')) {
    const first = item.firstElementChild
    // One of a list of tasks has its mark already.
    if (!item.querySelector(':scope > [role=img], :scope > p > [role=img]')) {
      const within = first?.tagName === 'P' ? first : item
      within.prepend(markOf(item))
    }
  }
  // What stands on lines of its own, only a page that is laid out can tell.
  const place = document.createElement('div')
  place.className = 'sr-only'
  place.setAttribute('aria-hidden', 'true')
  place.append(copy)
  document.body.append(place)
  // biome-ignore lint/performance/useDomNodeTextContent: lines and cells are to stay apart
  const text = copy.innerText.trim()
  place.remove()
  return text
}

function markOf(item: HTMLLIElement): string {
  const list = item.parentElement
  if (!(list instanceof HTMLOListElement)) return '- '
  return `${list.start + [...list.children].indexOf(item)}. `
}
