import { execFile } from 'node:child_process'

/** AppleScript: runs the shell script that comes first over the words behind it, as an administrator. */
const appleScript = `on run argv
  set shellCommand to "/bin/sh -c"
  repeat with position from 1 to count of argv
    set shellCommand to shellCommand & " " & quoted form of (item position of argv)
  end repeat
  do shell script shellCommand with administrator privileges
end run`

/** osascript's number for "the person has cancelled". */
const cancelled = '(-128)'

/**
 * Runs a shell script as an administrator of this Mac, who is asked for the password by the system.
 *
 * @param args `$1` and on
 * @throws Error with the script's words when it fails
 */
export function asMacAdministrator(script: string, args: readonly string[]): Promise<'done' | 'cancelled'> {
  return new Promise((resolve, reject) => {
    execFile('/usr/bin/osascript', ['-e', appleScript, script, 'hearth', ...args], (error, _, errors) => {
      if (error === null) resolve('done')
      else if (errors.includes(cancelled)) resolve('cancelled')
      else reject(new Error(errors.trim() || error.message))
    })
  })
}
