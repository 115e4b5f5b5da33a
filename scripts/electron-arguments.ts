import { projectFolder } from './project.ts'
import { run } from './run.ts'

/**
 * How an unpacked Electron is started on this project. Its sandbox needs user namespaces, which root may not use and
 * some systems refuse (an installed Hearth brings a setuid helper instead).
 */
export async function electronArguments(): Promise<string[]> {
  const sandboxed = process.platform !== 'linux' || (process.getuid?.() !== 0 && (await hasUserNamespaces()))
  return [...(sandboxed ? [] : ['--no-sandbox']), projectFolder]
}

const hasUserNamespaces = async (): Promise<boolean> => (await run('unshare', ['--user', 'true'])).code === 0
