/** The channel to main, whatever started this process. */
export interface ParentPort<FromMain, ToMain> {
  post(message: ToMain): void
  onMessage(listener: (message: FromMain) => void): void
  /** Main is gone. */
  onClosed(listener: () => void): void
}

/** The part of Electron's `process.parentPort` used here; Electron's own types stay out of this room. */
interface UtilityPort {
  postMessage(message: unknown): void
  on(event: 'message', listener: (event: { data: unknown }) => void): void
  on(event: 'close', listener: () => void): void
}

/** @throws Error when this process was started by nobody who listens */
export function parentPort<FromMain, ToMain>(): ParentPort<FromMain, ToMain> {
  const utility = (process as NodeJS.Process & { parentPort?: UtilityPort }).parentPort
  if (utility) {
    return {
      post: message => utility.postMessage(message),
      onMessage: listener => utility.on('message', ({ data }) => listener(data as FromMain)),
      onClosed: listener => utility.on('close', listener),
    }
  }
  if (!process.send) throw new Error('an engine process is started by main, not by hand')
  const send = process.send.bind(process)
  return {
    // A failed send means that the channel is closed, which onClosed reports.
    post: message => void send(message, undefined, undefined, () => {}),
    onMessage: listener => void process.on('message', message => listener(message as FromMain)),
    onClosed: listener => void process.on('disconnect', listener),
  }
}
