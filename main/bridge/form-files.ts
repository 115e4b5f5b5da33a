import type { StreamEvent, StreamInput } from '../../preload/contract.ts'
import type { FormExport } from '../forms/export/export.ts'
import { asProblem } from '../problem.ts'
import { paced } from './paced.ts'
import { problemInfo } from './problem-info.ts'
import type { BridgeServices } from './services.ts'

/** Exports a form's rows into the file the person chooses. */
export async function* exportForm(
  files: FormExport,
  app: Pick<BridgeServices['app'], 'language' | 'askWhereToSave'>,
  input: StreamInput<'forms.export'>,
): AsyncGenerator<StreamEvent<'forms.export'>> {
  try {
    const request = { ...input, language: app.language() }
    const path = await app.askWhereToSave(await files.nameFor(request))
    if (path === null) yield { type: 'cancelled' }
    else yield { type: 'done', path, ...(yield* paced(files.export(request, path))) }
  } catch (error) {
    yield { type: 'failed', problem: problemInfo(asProblem(error)) }
  }
}
