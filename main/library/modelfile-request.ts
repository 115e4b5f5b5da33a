import { goBool } from '../go/text.ts'
import type { CreateRequest } from './create-request.ts'
import { isParameter, type ModelfileCommand, ModelfileError } from './modelfile.ts'

/** What a Modelfile asks for, before anybody looked whether its paths are there (upstream parser/parser.go). */
export interface ModelfileRequest {
  /** Values of FROM in order: paths of files or folders, or names of models. */
  readonly from: readonly string[]
  /** Path of the last ADAPTER. */
  readonly adapter?: string
  /** Paths of DRAFT. */
  readonly drafts: readonly string[]
  readonly request: Pick<
    CreateRequest,
    'template' | 'system' | 'license' | 'parameters' | 'messages' | 'renderer' | 'parser' | 'requires'
  >
  /** Parameters that were dropped because nothing reads them any more. */
  readonly deprecated: readonly string[]
}

const deprecatedParameters = new Set([
  'penalize_newline',
  'low_vram',
  'f16_kv',
  'logits_all',
  'vocab_only',
  'use_mlock',
  'mirostat',
  'mirostat_tau',
  'mirostat_eta',
])

type ParameterType = 'int' | 'float' | 'bool' | 'strings'

/** Types of the parameters a Modelfile may set (upstream api/types.go, Options and Runner). */
const parameterTypes: Readonly<Record<string, ParameterType>> = {
  num_keep: 'int',
  seed: 'int',
  num_predict: 'int',
  top_k: 'int',
  top_p: 'float',
  min_p: 'float',
  typical_p: 'float',
  repeat_last_n: 'int',
  temperature: 'float',
  repeat_penalty: 'float',
  presence_penalty: 'float',
  frequency_penalty: 'float',
  stop: 'strings',
  num_ctx: 'int',
  num_batch: 'int',
  num_gpu: 'int',
  main_gpu: 'int',
  use_mmap: 'bool',
  num_thread: 'int',
  draft_num_predict: 'int',
}

/** SemVer as Go's x/mod reads it: minor and patch may be missing. */
const versionPattern =
  /^v?(0|[1-9]\d*)(\.(0|[1-9]\d*)(\.(0|[1-9]\d*)(-(0|[1-9]\d*|\d*[A-Za-z-][0-9A-Za-z-]*)(\.(0|[1-9]\d*|\d*[A-Za-z-][0-9A-Za-z-]*))*)?(\+[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?)?)?$/

/**
 * Gathers a Modelfile's commands into a create request.
 * @throws ModelfileError for a value upstream refuses: `unknown parameter '…'`, `invalid int value […]`, …
 */
export function modelfileRequest(commands: readonly ModelfileCommand[]): ModelfileRequest {
  const values = (name: string) => commands.filter(command => command.name === name).map(command => command.args)
  const last = (name: string) => values(name).at(-1)
  const licenses = values('license')
  const messages = values('message').map(splitMessage)
  const { parameters, deprecated } = collectParameters(commands)
  const version = last('requires')
  if (version !== undefined && !versionPattern.test(version)) {
    throw new ModelfileError('requires must be a valid semver (e.g. 0.14.0)')
  }
  const adapter = last('adapter')
  return {
    from: values('model'),
    ...(adapter !== undefined && { adapter }),
    drafts: values('draft'),
    request: {
      ...pick('template', last('template')),
      ...pick('system', last('system')),
      ...pick('renderer', last('renderer')),
      ...pick('parser', last('parser')),
      ...pick('requires', version?.replace(/^v/, '')),
      ...(licenses.length > 0 && { license: licenses }),
      ...(messages.length > 0 && { messages }),
      ...(Object.keys(parameters).length > 0 && { parameters }),
    },
    deprecated,
  }
}

function pick<K extends string>(key: K, value: string | undefined): { [P in K]?: string } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]?: string })
}

function splitMessage(args: string): { role: string; content: string } {
  const at = args.indexOf(': ')
  return at < 0 ? { role: args, content: '' } : { role: args.slice(0, at), content: args.slice(at + 2) }
}

function collectParameters(commands: readonly ModelfileCommand[]) {
  const parameters: Record<string, unknown> = {}
  const deprecated: string[] = []
  for (const { name, args } of commands) {
    if (!isParameter(name)) continue
    if (deprecatedParameters.has(name)) {
      deprecated.push(name)
      continue
    }
    const value = parameterValue(name, [args])
    const before = parameters[name]
    if (Array.isArray(before) && Array.isArray(value)) before.push(...value)
    else parameters[name] = value
  }
  return { parameters, deprecated }
}

/**
 * A parameter's value from the texts given for it; only `stop` has use for more than one.
 * @throws ModelfileError `unknown parameter '…'`, `invalid int value […]`, …
 */
export function parameterValue(name: string, texts: readonly string[]): number | boolean | string[] {
  const text = texts[0] ?? ''
  switch (parameterTypes[name]) {
    case 'strings':
      return [...texts]
    case 'int': {
      const value = Number(text)
      if (!/^[+-]?\d+$/.test(text) || !Number.isSafeInteger(value)) throw invalid('int', text)
      return value
    }
    case 'float': {
      const value = Number(text)
      if (!/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text) || !Number.isFinite(value)) throw invalid('float', text)
      return value
    }
    case 'bool': {
      const value = goBool(text)
      if (value === undefined) throw invalid('bool', text)
      return value
    }
    default:
      throw new ModelfileError(`unknown parameter '${name}'`)
  }
}

function invalid(type: string, text: string): ModelfileError {
  return new ModelfileError(`invalid ${type} value [${text}]`)
}
