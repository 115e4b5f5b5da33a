/** The errno of a file system's error, or undefined. */
export function errno(error: unknown): string | undefined {
  return error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined
}

/** A link in a circle leads nowhere, like one to nothing. */
const notThere = ['ENOENT', 'ENOTDIR', 'ELOOP']

/** The value, or undefined where the file is not there; every other error goes on. */
export async function ifThere<T>(value: Promise<T>): Promise<T | undefined> {
  try {
    return await value
  } catch (error) {
    if (notThere.includes(errno(error) ?? '')) return undefined
    throw error
  }
}
