import { spawn } from 'node:child_process'

/** Milliseconds that a person's shell may take to read its files. */
const patience = 5_000

const begin = 'hearth-path-begins'
const end = 'hearth-path-ends'

/**
 * PATH as a new terminal window has it: the person's shell is started as a terminal does (on a Mac as a login shell),
 * for only it knows what its files add. A shell that does not answer leaves this program's own PATH.
 */
export async function terminalPath(env: NodeJS.ProcessEnv, platform: string): Promise<string> {
  const own = env.PATH ?? ''
  if (platform === 'win32' || !env.SHELL) return own
  const login = platform === 'darwin' ? ['-l'] : []
  const words = `echo ${begin}; printenv PATH; echo ${end}`
  const printed = await output(env.SHELL, [...login, '-i', '-c', words], env)
  return new RegExp(`${begin}\\n(.*)\\n${end}`).exec(printed)?.[1] || own
}

/** What a program prints until its last line; what there is until then when it takes too long, or cannot be started. */
function output(program: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  return new Promise(resolve => {
    // In a session of its own, as an interactive shell would take the terminal this program was started from.
    const shell = spawn(program, args, { env, detached: true, stdio: ['ignore', 'pipe', 'ignore'] })
    let printed = ''
    const finish = () => {
      clearTimeout(late)
      // What the person's files have started in the background may hold it open.
      shell.stdout.destroy()
      resolve(printed)
    }
    const late = setTimeout(() => {
      shell.kill('SIGKILL')
      finish()
    }, patience)
    shell.stdout.on('data', chunk => {
      printed += chunk
      if (printed.includes(end)) finish()
    })
    shell.once('error', finish)
    shell.once('close', finish)
  })
}
