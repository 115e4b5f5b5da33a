// @vitest-environment happy-dom
import { fireEvent, screen, waitFor } from '@testing-library/react'
import { beforeEach, describe, expect, it } from 'vitest'
import { Markdown } from '../../../../renderer/ui/markdown/markdown.tsx'
import { type FakeHearth, installHearth } from '../fake-hearth.ts'
import { stage } from '../stage.tsx'

let hearth: FakeHearth

beforeEach(() => {
  hearth = installHearth()
})

const draw = (text: string, growing = false) => stage(<Markdown text={text} growing={growing} />).container

describe('markdown', () => {
  it('draws a table', () => {
    draw('| Mars | red |\n| --- | --- |\n| Earth | blue |')
    expect(screen.getByRole('columnheader', { name: 'Mars' })).toBeTruthy()
    expect(screen.getByRole('cell', { name: 'blue' })).toBeTruthy()
  })

  it('colours code in its language and copies it without the last newline', async () => {
    let copied = ''
    Object.defineProperty(navigator, 'clipboard', {
      value: {
        writeText: async (text: string) => {
          copied = text
        },
      },
      configurable: true,
    })
    const page = draw('```python\ndef halve(x):\n    return x / 2\n```')
    const coloured = await waitFor(() => {
      const found = [...page.querySelectorAll<HTMLElement>('pre span[style]')].find(span => span.textContent === 'def')
      if (!found) throw new Error('not coloured yet')
      return found
    })
    expect(coloured.style.color).toBe('var(--code-keyword)')
    fireEvent.click(screen.getByRole('button', { name: 'Copy code' }))
    await waitFor(() => expect(copied).toBe('def halve(x):\n    return x / 2'))
  })

  it('shows the text of code in an unknown language', () => {
    expect(draw('```klingon\nnuqneH\n```').querySelector('pre')?.textContent).toBe('nuqneH')
  })

  it.each(['$$\n\\sum_{k=1}^{n} k\n$$', 'so \\(\\sum_k k\\) is', 'so $\\sum_k k$ is'])(
    'draws the formula in %j',
    async text => {
      const page = draw(text)
      await waitFor(() => expect(page.querySelector('.katex')).not.toBeNull())
      expect(page.textContent).toContain('∑')
    },
  )

  it('leaves prices alone', () => {
    expect(draw('It costs $5 to $10.').textContent).toContain('It costs $5 to $10.')
  })

  it('emphasises Chinese next to Chinese punctuation, which plain CommonMark does not', () => {
    expect(draw('这是**“重点”**内容,**结束。**后面').querySelectorAll('strong')).toHaveLength(2)
  })

  it('keeps single line breaks: small models write lists of lines', () => {
    expect(draw('one\ntwo').querySelectorAll('br')).toHaveLength(1)
  })

  it('puts the headings of an answer below the heading of the chat', () => {
    draw('# Domino')
    expect(screen.getByRole('heading', { level: 2, name: 'Domino' })).toBeTruthy()
  })

  it('draws a task list as marks to read, not as fields', () => {
    const page = draw('- [x] bread\n- [ ] milk')
    expect(page.querySelector('input')).toBeNull()
    expect(screen.getByRole('img', { name: 'Done' })).toBeTruthy()
    expect(screen.getByRole('img', { name: 'Not done' })).toBeTruthy()
  })

  it('closes what is still being written, for the eye', () => {
    expect(draw('so **bol', true).querySelector('strong')?.textContent).toBe('bol')
    expect(draw('```js\nlet a', true).querySelector('pre')?.textContent).toBe('let a')
    expect(draw('see [the guide](https://exam', true).querySelector('a')).toBeNull()
  })

  it('shows HTML as the text it is, in a line and as a block', () => {
    const page = draw('a <b>bold</b> claim\n\n<div align="left">\n  block\n</div>')
    expect(page.querySelector('b, [align]')).toBeNull()
    expect(page.textContent).toContain('a <b>bold</b> claim')
    expect(page.textContent).toContain('<div align="left">')
  })

  it('opens links outside, through main', async () => {
    draw('[guide](https://example.org/a?b=1) and lena@example.org')
    fireEvent.click(screen.getByRole('link', { name: 'guide' }))
    fireEvent.click(screen.getByRole('link', { name: 'lena@example.org' }))
    expect(hearth.inputsOf('app.openExternal')).toEqual([
      { url: 'https://example.org/a?b=1' },
      { url: 'mailto:lena@example.org' },
    ])
  })

  it('does not load a picture; its place says where it is', () => {
    const page = draw('![a sunrise](https://example.com/sunrise.jpg)')
    expect(page.querySelector('img')).toBeNull()
    expect(page.textContent).toContain('Picture on example.com, not loaded')
    fireEvent.click(screen.getByRole('link', { name: 'a sunrise' }))
    expect(hearth.inputsOf('app.openExternal')).toEqual([{ url: 'https://example.com/sunrise.jpg' }])
  })

  it('repeats no id when two answers have footnotes', () => {
    const page = stage(
      <>
        <Markdown text={'a[^1]\n\n[^1]: note'} />
        <Markdown text={'b[^1]\n\n[^1]: note'} />
      </>,
    ).container
    expect(page.textContent).toContain('note')
    expect(page.querySelectorAll('[id]')).toHaveLength(0)
  })
})
