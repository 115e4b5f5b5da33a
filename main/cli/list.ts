import type { ListedModel, RunningModel } from './api.ts'
import type { CommandContext } from './context.ts'
import { humanBytes, humanTime } from './human.ts'
import { table } from './table.ts'

/** Hexadecimal digits of a digest that tell models apart, as upstream. */
const shortDigestLength = 12

/** `list`: the models here, those alone whose names begin with `prefix` if there is one. */
export async function list({ server, terminal }: CommandContext, prefix = ''): Promise<void> {
  const { models } = await server.json<{ models: ListedModel[] | null }>('GET', '/api/tags')
  const wanted = (models ?? []).filter(({ name }) => name.toLowerCase().startsWith(prefix.toLowerCase()))
  const now = Date.now()
  const rows = wanted.map(model => [
    model.name,
    shortDigest(model.digest),
    model.remote_model ? '-' : humanBytes(model.size),
    humanTime(model.modified_at, now, 'Never'),
  ])
  printTable(terminal.output, [['NAME', 'ID', 'SIZE', 'MODIFIED'], ...rows])
}

/** `ps`: the models in memory. */
export async function ps({ server, terminal }: CommandContext): Promise<void> {
  const { models } = await server.json<{ models: RunningModel[] | null }>('GET', '/api/ps')
  const now = Date.now()
  const rows = (models ?? []).map(model => [
    model.name,
    shortDigest(model.digest),
    humanBytes(model.size),
    processor(model.size, model.size_vram ?? 0),
    String(model.context_length ?? 0),
    Date.parse(model.expires_at) < now ? 'Stopping...' : humanTime(model.expires_at, now, 'Never'),
  ])
  printTable(terminal.output, [['NAME', 'ID', 'SIZE', 'PROCESSOR', 'CONTEXT', 'UNTIL'], ...rows])
}

function printTable(output: NodeJS.WriteStream, rows: readonly (readonly string[])[]): void {
  output.write(`${table(rows).join('\n')}\n`)
}

function shortDigest(digest = ''): string {
  return digest.replace(/^sha256:/, '').slice(0, shortDigestLength)
}

/** Where a model lies: `100% CPU`, `100% GPU`, or how much of it on each. Both in bytes. */
function processor(size: number, onCard: number): string {
  if (onCard === 0) return '100% CPU'
  if (onCard === size) return '100% GPU'
  if (onCard > size || size === 0) return 'Unknown'
  const cpu = Math.round(((size - onCard) / size) * 100)
  return `${cpu}%/${100 - cpu}% CPU/GPU`
}
