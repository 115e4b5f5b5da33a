import { join } from 'node:path'

/** The repository's top folder. */
export const projectFolder = join(import.meta.dirname, '..')

/** A program that a development dependency brought along, started by Node without a shell. */
export const dependencyFile = (...path: readonly string[]): string => join(projectFolder, 'node_modules', ...path)
