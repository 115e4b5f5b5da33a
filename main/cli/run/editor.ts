import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The person's editor, as upstream looks for it (cmd/interactive.go). */
function editorOf(env: NodeJS.ProcessEnv): string {
  const wanted = ['OLLAMA_EDITOR', 'VISUAL', 'EDITOR'].map(name => env[name]?.trim()).find(Boolean)
  return wanted ?? (process.platform === 'win32' ? 'notepad' : 'vi')
}

/**
 * Has a text written in the person's editor, which has the terminal until it ends: nothing else goes on meanwhile.
 * @returns the text without the newlines at its end; undefined where the editor could not be run or ended with an error
 */
export function edited(text: string, env: NodeJS.ProcessEnv): string | undefined {
  let folder: string | undefined
  try {
    folder = mkdtempSync(join(tmpdir(), 'hearth-message-'))
    const file = join(folder, 'message.txt')
    writeFileSync(file, text, { mode: 0o600 })
    // A shell, as the variable may hold arguments and quotes; the file's name reaches it as an argument.
    const editor = editorOf(env)
    const { status } =
      process.platform === 'win32'
        ? spawnSync(`${editor} "${file}"`, { stdio: 'inherit', shell: true, env })
        : spawnSync('/bin/sh', ['-c', `${editor} "$1"`, editor, file], { stdio: 'inherit', env })
    return status === 0 ? readFileSync(file, 'utf8').replace(/\r\n/g, '\n').trimEnd() : undefined
  } catch {
    // A full disk, or an editor that took the file away: what was typed is still in the line.
    return undefined
  } finally {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
  }
}
