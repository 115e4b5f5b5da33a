import type { Component } from './components.ts'

/** The text that goes with the app: whose work is in it, and under which terms. */
export function noticesText(components: readonly Component[]): string {
  const head = `Hearth is free software under the MIT licence (LICENSE). It carries the work of others:\n`
  const entry = ({ name, version, license, notices }: Component) =>
    [[name, version, `(${license})`].filter(Boolean).join(' '), ...notices].join('\n\n')
  return `${[head, ...components.map(entry)].join(`\n\n${'-'.repeat(78)}\n\n`)}\n`
}
