import type {
  CallInput,
  CallName,
  CallOutput,
  ChosenFiles,
  HearthBridge,
  ProblemInfo,
  StreamEvent,
  StreamInput,
  StreamName,
} from '../../preload/contract.ts'

declare global {
  interface Window {
    /** Put there by preload: the only door out of the window. */
    readonly hearth: HearthBridge
  }
}

/** A call that main refused, with what the window needs to put it into words. */
export class CallProblem extends Error {
  override readonly name = 'CallProblem'

  constructor(readonly problem: ProblemInfo) {
    super(problem.message)
  }
}

/** Asks main; throws CallProblem. */
export async function call<N extends CallName>(name: N, input: CallInput<N>): Promise<CallOutput<N>> {
  try {
    return await window.hearth.call(name, input)
  } catch (error) {
    throw new CallProblem(problemFrom(error))
  }
}

/** Hands main a file or folder that the person dropped; throws CallProblem. */
export async function offer(file: File): Promise<ChosenFiles> {
  try {
    return await window.hearth.offer(file)
  } catch (error) {
    throw new CallProblem(problemFrom(error))
  }
}

/** Listens to main until the returned function is called. */
export function subscribe<N extends StreamName>(
  name: N,
  input: StreamInput<N>,
  listener: (event: StreamEvent<N>) => void,
): () => void {
  return window.hearth.subscribe(name, input, event =>
    listener(typeof event === 'string' ? (JSON.parse(event) as StreamEvent<N>) : (event as StreamEvent<N>)),
  )
}

/** Any thrown thing as a problem: the bridge sends one as the JSON of its message, everything else is `internal`. */
export function problemFrom(error: unknown): ProblemInfo {
  if (error instanceof CallProblem) return error.problem
  const message = error instanceof Error ? error.message : String(error)
  // Electron puts "Error invoking remote method …: Error: " before the message.
  const json = message.slice(Math.max(0, message.indexOf('{')))
  try {
    const value: unknown = JSON.parse(json)
    if (isProblem(value)) return value
  } catch {
    // Not JSON: an error of the window itself, told as it is.
  }
  return { code: 'internal', message, details: error instanceof Error ? error.stack : undefined }
}

function isProblem(value: unknown): value is ProblemInfo {
  return typeof value === 'object' && value !== null && 'code' in value && 'message' in value
}
