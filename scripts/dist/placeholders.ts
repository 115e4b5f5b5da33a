import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectFolder } from '../project.ts'

/** What a publisher puts their own name, address and pages into. */
const files = ['package.json', 'assets/linux/app.hearth.desktop.metainfo.xml', 'SECURITY.md']

/**
 * Addresses that stand for a publisher's until one has set them: RFC 2606 keeps the domain .example for that.
 *
 * @returns lines such as `package.json:9: https://hearth.example/`; none when everything is set
 */
export function placeholders(folder: string = projectFolder): string[] {
  return files.flatMap(file =>
    readFileSync(join(folder, file), 'utf8')
      .split('\n')
      .flatMap((line, index) => {
        const found = /[^\s"<>]*\.example\b[^\s"<>]*/.exec(line)?.[0]
        return found === undefined ? [] : [`${file}:${index + 1}: ${found}`]
      }),
  )
}

/** @throws Error that names each place, when something is still to be set */
export function refusePlaceholders(folder?: string): void {
  const left = placeholders(folder)
  if (left.length === 0) return
  throw new Error(
    `A release names its publisher (docs/publishing.md). To be set:\n${left.map(line => `  ${line}`).join('\n')}`,
  )
}

if (process.argv[1] === import.meta.filename) {
  try {
    refusePlaceholders()
  } catch (error) {
    console.error((error as Error).message)
    process.exitCode = 1
  }
}
