import type { CallInput, CallOutput, Preset } from '../../preload/contract.ts'
import { storable } from '../database/storable.ts'
import { oneLine } from '../one-line.ts'
import { Problem } from '../problem.ts'
import { Watchers } from '../watchers.ts'
import type { Availability } from './availability.ts'
import { notFound } from './not-found.ts'
import { parametersOf, parsedJson } from './rows.ts'

/** Ways to answer that the person has given a name. */
export class Presets {
  readonly #availability: Availability
  readonly #newId: () => string
  readonly #watchers: Watchers<Preset[]>

  constructor(availability: Availability, newId: () => string) {
    this.#availability = availability
    this.#newId = newId
    this.#watchers = new Watchers({
      picture: () => this.#list(),
      failed: error => availability.report('reading', error),
    })
  }

  /** All presets by name, and again whenever one changes. @returns ends it */
  watch(listener: (presets: Preset[]) => void): () => void {
    return this.#watchers.add(listener)
  }

  /** Gives everyone the presets anew. */
  refresh(): void {
    this.#watchers.refresh()
  }

  /** @throws Problem invalid-request for a name of nothing, not-found; what the database throws */
  async save({ id, name, system, parameters }: CallInput<'presets.save'>): Promise<CallOutput<'presets.save'>> {
    const line = oneLine(storable(name))
    if (line === '') throw new Problem('invalid-request', 400, 'a preset needs a name')
    const presetId = id ?? this.#newId()
    const { database } = (await this.#availability.ready()).store
    const values = [line, storable(system), JSON.stringify(parameters), presetId]
    await database.write(() => {
      if (id === null) {
        database.run('INSERT INTO presets (name, system, parameters, id) VALUES (?, ?, ?, ?)', ...values)
      } else if (
        database.run('UPDATE presets SET name = ?, system = ?, parameters = ? WHERE id = ?', ...values) === 0
      ) {
        throw notFound('preset')
      }
    })
    this.refresh()
    return { presetId }
  }

  async delete(presetId: string): Promise<void> {
    const { database } = (await this.#availability.ready()).store
    await database.write(() => database.run('DELETE FROM presets WHERE id = ?', presetId))
    this.refresh()
  }

  close(): void {
    this.#watchers.close()
  }

  #list(): Preset[] {
    const columns = { id: 'TEXT', name: 'TEXT', system: 'TEXT', parameters: 'TEXT' } as const
    const rows = this.#availability.session?.store.database.rows(columns, 'FROM presets') ?? []
    return rows
      .flatMap(({ id, name, system, parameters }) =>
        id ? { id, name: name ?? '', system: system ?? '', parameters: parametersOf(parsedJson(parameters)) } : [],
      )
      .sort((a, b) => a.name.localeCompare(b.name))
  }
}
