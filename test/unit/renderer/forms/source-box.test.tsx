// @vitest-environment happy-dom
import { screen, within } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { expect, test } from 'vitest'
import { SourceBox } from '../../../../renderer/features/forms/fill/source-box.tsx'
import { addSource, changeSources, sourcesOf } from '../../../../renderer/features/forms/fill/sources-store.ts'
import { installHearth } from '../fake-hearth.ts'
import { stage } from '../stage.tsx'

// The focus went with the button, to nowhere: a person at the keyboard started again at the top of the window.
test('what is taken off the list, or put away, gives the focus to the text', async () => {
  installHearth()
  addSource('f', { source: { kind: 'document', name: 'note.txt', hash: 'a' }, remarks: [] })
  changeSources('f', { refused: [{ name: 'x.bin', reason: 'documents.tooLarge' }] })
  stage(<SourceBox formId="f" blocked={null} onRun={() => undefined} />)
  const text = screen.getByRole('textbox', { name: 'Text to read' })
  for (const name of ['Remove note.txt', 'Dismiss']) {
    screen.getByRole('button', { name }).focus()
    await userEvent.keyboard('{Enter}')
    expect(screen.queryByRole('button', { name })).toBeNull()
    expect(document.activeElement).toBe(text)
  }
  expect(sourcesOf('f')).toMatchObject({ files: [], refused: [] })
})

// Each letter that was typed beside them took as long as drawing them all.
test('of thousands of files only those in sight are in the page', async () => {
  installHearth()
  const source = { kind: 'document', name: 'note.txt', hash: 'a' } as const
  changeSources('many', { files: Array.from({ length: 2_000 }, (_, id) => ({ id, source, remarks: [] })) })
  stage(<SourceBox formId="many" blocked={null} onRun={() => undefined} />)
  const list = () => within(screen.getByRole('list', { name: 'Files to read' })).queryAllByRole('listitem')
  expect(list()).toHaveLength(12)
  await userEvent.click(screen.getByRole('button', { name: /^Show all/ }))
  expect(list().length).toBeLessThan(100)
  await userEvent.click(screen.getByRole('button', { name: 'Show fewer' }))
  expect(list()).toHaveLength(12)
})
