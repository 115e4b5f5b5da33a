import { humanNumber } from '../go/text.ts'
import type { ShownModel } from './api.ts'
import { CommandError } from './command-error.ts'
import type { CommandContext } from './context.ts'
import { table } from './table.ts'
import { printText } from './terminal.ts'

/** The parts `show` prints alone, each by a flag of its name. */
export const showParts = ['license', 'modelfile', 'parameters', 'system', 'template'] as const
export type ShowPart = (typeof showParts)[number]

/** `show`: what a model is, or one part of it as it was written. */
export async function show(
  { server, terminal }: CommandContext,
  model: string,
  { parts, verbose }: { readonly parts: readonly ShowPart[]; readonly verbose: boolean },
): Promise<void> {
  if (parts.length > 1) {
    const flags = showParts.map(part => `'--${part}'`)
    throw new CommandError(`only one of ${flags.slice(0, -1).join(', ')}, or ${flags.at(-1)} can be specified`)
  }
  const shown = await server.json<ShownModel>('POST', '/api/show', { body: { model, name: model, verbose } })
  const [part] = parts
  if (part) printPart(terminal.output, shown, part)
  else terminal.output.write(describeModel(shown, verbose))
}

/** One part as it is; system and template without a newline of their own behind them, as upstream. */
export function printPart(output: NodeJS.WriteStream, shown: ShownModel, part: ShowPart): void {
  const text = shown[part] ?? ''
  printText(output, part === 'system' || part === 'template' ? text : `${text}\n`)
}

/** Lines of the system prompt and of the licence that are shown, and characters of each. */
const shownLines = 2
const shownCharacters = 200

/** What is known of a model, in sections (upstream cmd/cmd.go, showInfo). */
export function describeModel(shown: ShownModel, verbose = false): string {
  const info = shown.model_info ?? {}
  const sections: [title: string, rows: string[][]][] = [['Model', modelRows(shown, info)]]
  const add = (title: string, rows: string[][]) => {
    if (rows.length > 0) sections.push([title, rows])
  }
  add(
    'Capabilities',
    (shown.capabilities ?? []).map(capability => [capability]),
  )
  if (shown.projector_info) add('Projector', projectorRows(shown.projector_info))
  add('Parameters', linesOf(shown.parameters).map(splitParameter))
  if (verbose) {
    add(
      'Metadata',
      Object.keys(info)
        .sort()
        .map(key => [key, metadataText(info[key])]),
    )
    add(
      'Tensors',
      (shown.tensors ?? []).map(({ name, type, shape }) => [name, type, `[${shape.join(' ')}]`]),
    )
  }
  add('System', head(shown.system))
  add('License', head(shown.license))
  return sections
    .map(
      ([title, rows]) =>
        `  ${title}\n${table(rows)
          .map(line => `    ${line}\n`)
          .join('')}\n`,
    )
    .join('')
}

function modelRows(shown: ShownModel, info: Readonly<Record<string, unknown>>): string[][] {
  const architecture = textOf(info['general.architecture']) ?? shown.details?.family ?? ''
  const count = info['general.parameter_count']
  const rows: [string, string | undefined][] = [
    ['Remote model', shown.remote_model || undefined],
    ['Remote URL', shown.remote_host || undefined],
    ['architecture', architecture],
    ['parameters', shown.details?.parameter_size || (typeof count === 'number' ? humanNumber(count) : '')],
    ['context length', textOf(info[`${architecture}.context_length`])],
    ['embedding length', textOf(info[`${architecture}.embedding_length`])],
    ['quantization', shown.details?.quantization_level ?? ''],
    ['requires', shown.requires || undefined],
  ]
  return rows.filter((row): row is [string, string] => row[1] !== undefined)
}

function projectorRows(info: Readonly<Record<string, unknown>>): string[][] {
  const architecture = textOf(info['general.architecture']) ?? ''
  const count = info['general.parameter_count']
  const rows: [string, string | undefined][] = [
    ['architecture', architecture],
    ['parameters', typeof count === 'number' ? humanNumber(count) : undefined],
    ['embedding length', textOf(info[`${architecture}.vision.embedding_length`])],
    ['dimensions', textOf(info[`${architecture}.vision.projection_dim`])],
  ]
  return rows.filter((row): row is [string, string] => row[1] !== undefined)
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
}

/** Columns an array may take in the list of metadata. */
const arrayWidth = 40

function metadataText(value: unknown): string {
  if (!Array.isArray(value)) return value === null ? '' : String(value)
  const items: string[] = []
  for (const item of value) {
    if (items.join(', ').length >= arrayWidth) break
    items.push(typeof item === 'string' ? JSON.stringify(item) : String(item))
  }
  const left = value.length - items.length
  return `[${items.join(', ')}${left > 0 ? `, ...+${left} more` : ''}]`
}

/** `stop    "x y"` as name and value; the value may hold spaces. */
function splitParameter(line: string): string[] {
  const [, name = line, value = ''] = /^(\S+)\s*(.*)$/.exec(line) ?? []
  return [name, value]
}

function linesOf(text = ''): string[] {
  return text
    .split(/\r?\n/)
    .map(line => line.trim())
    .filter(line => line !== '')
}

function head(text: string | undefined): string[][] {
  const lines = linesOf(text)
  const shown = lines
    .slice(0, shownLines)
    .map(line => [line.length > shownCharacters ? `${line.slice(0, shownCharacters)}...` : line])
  return lines.length > shownLines ? [...shown, ['...']] : shown
}
