import type { Forms } from '../../../main/forms/forms.ts'
import type { FileSource } from '../../../preload/contract.ts'

/**
 * Runs a form on texts and files that are put beside it in the place of what lies there, as a window does.
 * @returns the ids of the rows, once all are there
 */
export async function runOn(
  forms: Forms,
  formId: string,
  sources: readonly (string | FileSource)[],
  model = 'tiny',
): Promise<{ rowIds: string[] }> {
  const files = await Promise.all(
    sources.map(async source =>
      typeof source === 'string'
        ? { kind: 'document' as const, name: '', hash: (await forms.addText({ text: source })).hash }
        : source,
    ),
  )
  let seen = 0
  forms.watchSources(formId, ({ revision }) => {
    seen = revision
  })()
  const { revision } = await forms.keepSources({ formId, revision: seen, text: '', files })
  const before = new Set<string>()
  const rowIds: string[] = []
  let running = false
  let end = () => {}
  const made = new Promise<void>(resolve => {
    end = forms.watchRows(formId, event => {
      const told = event.type === 'row' ? [event.row] : 'rows' in event ? event.rows : []
      for (const { id } of told) {
        if (!running) before.add(id)
        else if (!before.has(id) && !rowIds.includes(id)) rowIds.push(id)
      }
      if (rowIds.length === files.length) resolve()
    })
  })
  running = true
  if ((await forms.run({ formId, model, revision: revision ?? -1 })).rowId === null) throw new Error('nothing was run')
  await made
  end()
  return { rowIds }
}
