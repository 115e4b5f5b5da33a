import { isPrintable } from '../go/text.ts'
import { ModelfileValue } from './modelfile-value.ts'

/** One instruction of a Modelfile (upstream parser/parser.go). */
export interface ModelfileCommand {
  /** `model` for FROM, the parameter's own name for PARAMETER, else the instruction in lower case. */
  readonly name: string
  /** The value without its quotes; `role: text` for MESSAGE. */
  readonly args: string
}

/** What is wrong with a Modelfile, in upstream's words. */
export class ModelfileError extends Error {
  override readonly name = 'ModelfileError'

  /** @param line counted from 1; undefined where the whole file is meant */
  constructor(
    readonly reason: string,
    readonly line?: number,
  ) {
    super(line === undefined ? reason : `(line ${line}): ${reason}`)
  }
}

/** The name of each instruction's command, in upstream's order; a parameter's commands have names of their own. */
const instructions: ReadonlyMap<string, string | undefined> = new Map([
  ['from', 'model'],
  ...['license', 'template', 'system', 'adapter', 'draft', 'renderer', 'parser'].map(name => [name, name] as const),
  ['parameter', undefined],
  ['message', 'message'],
  ['requires', 'requires'],
])
const invalidCommand = `command must be one of ${[...instructions.keys()].map(name => `"${name}"`).join(', ')}`.replace(
  / ("\w+")$/,
  ' or $1',
)
const knownCommands = new Set(instructions.values())
const invalidRole = 'message role must be one of "system", "user", or "assistant"'
const roles = new Set(['system', 'user', 'assistant'])

/** Where the reader is; as upstream, each character is judged by the state alone. */
type State = 'start' | 'comment' | 'instruction' | 'parameter' | 'role' | 'value'

/**
 * Reads a Modelfile.
 * @param source its bytes (UTF-8, or UTF-16 with a byte order mark) or its text
 * @throws ModelfileError with upstream's message and line; `\r` and `\n` each end a line, so CRLF counts two
 */
export function parseModelfile(source: string | Uint8Array): ModelfileCommand[] {
  const reader = new ModelfileReader()
  // A text that was pasted may bring the mark that begins its file; the decoders of bytes take it away.
  for (const character of typeof source === 'string' ? source.replace(/^\uFEFF/, '') : decode(source)) {
    reader.take(character)
  }
  return reader.end()
}

class ModelfileReader {
  readonly #commands: ModelfileCommand[] = []
  #state: State = 'start'
  #line = 1
  #buffer = ''
  #value = new ModelfileValue()
  #name = ''
  #role = ''

  take(character: string): void {
    if (isNewline(character)) this.#line++
    switch (this.#state) {
      case 'start':
        if (character === '#') this.#enter('comment')
        else if (!isSpace(character) && !isNewline(character)) this.#enter('instruction', character)
        break
      case 'comment':
        if (isNewline(character)) this.#enter('start')
        break
      case 'instruction':
        if (isLetter(character)) this.#buffer += character
        else if (isSpace(character)) this.#endInstruction()
        else throw new ModelfileError(invalidCommand, this.#line)
        break
      case 'parameter':
        if (/^[A-Za-z0-9_]$/.test(character)) this.#buffer += character
        else if (isSpace(character)) this.#endParameter()
        else throw new ModelfileError(`unexpected EOF: ${this.#buffer}`)
        break
      case 'role':
        if (isLetter(character)) this.#buffer += character
        else if (isSpace(character)) this.#endRole()
        else throw new ModelfileError(`unexpected EOF: ${this.#buffer}`)
        break
      case 'value':
        this.#takeValue(character)
        break
    }
  }

  end(): ModelfileCommand[] {
    if (this.#state === 'value') {
      if (!this.#value.closed) throw new ModelfileError('unexpected EOF')
      this.#add(this.#value.text)
    } else if (this.#state !== 'start' && this.#state !== 'comment') throw new ModelfileError('unexpected EOF')
    if (!this.#commands.some(command => command.name === 'model')) throw new ModelfileError('no FROM line')
    return this.#commands
  }

  #enter(state: State, first = ''): void {
    this.#state = state
    this.#value = new ModelfileValue()
    this.#buffer = isPrintable(first) ? first : ''
  }

  #endInstruction(): void {
    const instruction = this.#buffer.toLowerCase()
    if (!instructions.has(instruction)) throw new ModelfileError(invalidCommand, this.#line)
    const name = instructions.get(instruction)
    this.#name = name ?? ''
    if (name === undefined) this.#enter('parameter')
    else this.#enter(name === 'message' ? 'role' : 'value')
  }

  #endParameter(): void {
    this.#name = this.#buffer
    this.#enter('value')
  }

  #endRole(): void {
    if (!roles.has(this.#buffer)) throw new ModelfileError(invalidRole, this.#line)
    this.#role = this.#buffer
    this.#enter('value')
  }

  /** A newline ends a value unless a quote is still open; spaces and newlines inside a value are kept as they are. */
  #takeValue(character: string): void {
    if (isNewline(character) && this.#value.closed) {
      this.#add(this.#value.text)
      this.#enter('start')
    } else if (isNewline(character) || isSpace(character) || isPrintable(character)) this.#value.push(character)
  }

  #add(value: string): void {
    this.#commands.push({ name: this.#name, args: this.#role === '' ? value : `${this.#role}: ${value}` })
    this.#role = ''
  }
}

/** Whether a command sets a parameter. */
export const isParameter = (name: string): boolean => !knownCommands.has(name)

/** Prints commands as a Modelfile, one after the other. */
export function formatModelfile(commands: readonly ModelfileCommand[]): string {
  return commands.map(command => `${formatCommand(command)}\n`).join('')
}

function formatCommand({ name, args }: ModelfileCommand): string {
  if (name === 'model') return `FROM ${args}`
  if (name === 'message') {
    const at = args.indexOf(': ')
    const [role, text] = at < 0 ? [args, ''] : [args.slice(0, at), args.slice(at + 2)]
    return `MESSAGE ${role} ${quote(text)}`
  }
  if (!isParameter(name)) return `${name.toUpperCase()} ${quote(args)}`
  return `PARAMETER ${name} ${quote(args)}`
}

/**
 * A value as upstream quotes it: only when it has a newline or spaces at an end. Where that would not read back as the
 * same value, the other quotes are tried.
 */
function quote(value: string): string {
  const needed = value.includes('\n') || value.startsWith(' ') || value.endsWith(' ')
  const double = `"${value}"`
  const triple = `"""${value}"""`
  const upstream = needed ? (value.includes('"') ? triple : double) : value
  return [upstream, triple, double].find(form => readsBackAs(form, value)) ?? upstream
}

function readsBackAs(form: string, value: string): boolean {
  try {
    const [command, ...others] = parseModelfile(`FROM ${form}`)
    return command?.args === value && others.length === 0
  } catch (error) {
    if (error instanceof ModelfileError) return false
    throw error
  }
}

function decode(bytes: Uint8Array): string {
  const [first, second] = bytes
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes)
  return new TextDecoder('utf-8').decode(bytes)
}

function isLetter(character: string): boolean {
  return /^[A-Za-z]$/.test(character)
}

function isSpace(character: string): boolean {
  return character === ' ' || character === '\t'
}

function isNewline(character: string): boolean {
  return character === '\n' || character === '\r'
}
