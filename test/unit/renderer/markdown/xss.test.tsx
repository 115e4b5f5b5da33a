// @vitest-environment happy-dom
import { waitFor } from '@testing-library/react'
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { Markdown } from '../../../../renderer/ui/markdown/markdown.tsx'
import { installHearth } from '../fake-hearth.ts'
import { stage } from '../stage.tsx'
import { vectors } from './xss-vectors.ts'

/** What markdown may become here. Pictures, frames, forms, media, scripts and styles are not among it. */
const allowedTags = new Set(
  'a blockquote br button code del div em figcaption figure h2 h3 h4 h5 h6 hr li ol p path pre rect line polyline circle section span strong sub sup svg table tbody td th thead tr ul'.split(
    ' ',
  ),
)
const mathTags = new Set(
  'math semantics annotation mrow mi mo mn ms mtext mspace msub msup msubsup mfrac mstyle mpadded merror'.split(' '),
)
const allowedAttributes =
  /^(class|style|href|rel|title|type|role|tabindex|align|start|dir|aria-[a-z]+|data-[a-z-]+|viewBox|width|height|fill|stroke|stroke-width|stroke-linecap|stroke-linejoin|d|x|y|x1|x2|y1|y2|cx|cy|r|rx|ry|points|xmlns|encoding|mathvariant|mathcolor|display|stretchy|separator|voffset|mathbackground)$/

function dangers(page: HTMLElement): string[] {
  return [...page.querySelectorAll('*')].flatMap(element => {
    const tag = element.tagName.toLowerCase()
    const found: string[] = []
    if (!allowedTags.has(tag) && !(mathTags.has(tag) && element.closest('.katex'))) found.push(`<${tag}>`)
    for (const { name, value } of element.attributes) {
      if (!allowedAttributes.test(name)) found.push(`${tag} ${name}`)
      if (name === 'href' && !/^(https?|mailto):/.test(value)) found.push(`${tag} href ${value}`)
      if (name === 'style' && /url\(|expression|@import/i.test(value)) found.push(`${tag} style ${value}`)
    }
    return found
  })
}

beforeAll(() => {
  // Nothing of this may be asked for; the page has no other way out.
  vi.stubGlobal('fetch', () => {
    throw new Error('the page tried to load something')
  })
  vi.stubGlobal('alert', () => {
    throw new Error('the page ran something')
  })
})

beforeEach(() => {
  installHearth()
})

describe('hostile markdown', () => {
  it('is tried in at least 150 ways', () => expect(new Set(vectors).size).toBeGreaterThanOrEqual(150))

  it('would be seen: the check finds what must not be there', () => {
    const page = document.createElement('div')
    page.innerHTML =
      '<img src=x onerror=alert(1)><a href="javascript:alert(1)">x</a><p id="root" style="background:url(x)"></p>'
    expect(dangers(page)).toHaveLength(6)
  })

  it.each(vectors)('runs nothing, loads nothing, leads nowhere: %s', async vector => {
    const page = stage(
      <div>
        <Markdown text={vector} />
        <Markdown text={`Before\n\n${vector}\n\nafter`} />
        <Markdown text={vector} growing />
        <Markdown text={`> - ${vector}`} />
      </div>,
    ).container
    if (vector.includes('$'))
      await waitFor(() => expect(page.querySelector('.katex, .katex-error, code')).not.toBeNull())
    expect(dangers(page)).toEqual([])
  })
})
