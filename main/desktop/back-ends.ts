import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Packages with back ends for graphics cards that were made for another Hearth: the engines leave them aside, as they
 * go with one build of llama.cpp alone. They come and go apart from the app (scripts/dist/gpu.ts).
 *
 * @param appPath where the app's own node_modules lie
 * @param resources where those of the packages do
 * @returns names of packages, such as `hearth-gpu-vulkan`
 */
export function unfittingBackEnds(appPath: string, resources: string): string[] {
  const unfitting = new Set<string>()
  for (const scope of ['@node-llama-cpp', '@fugood']) {
    const folder = join(resources, 'node_modules', scope)
    for (const name of existsSync(folder) ? readdirSync(folder) : []) {
      const [, base, kind] = /^(.+?)-(vulkan|cuda)(?:-ext)?$/.exec(name) ?? []
      if (base === undefined) continue
      const own = versionIn(join(appPath, 'node_modules', scope, base))
      if (versionIn(join(folder, name)) !== own) unfitting.add(`hearth-gpu-${kind}`)
    }
  }
  return [...unfitting].sort()
}

function versionIn(folder: string): string | undefined {
  const file = join(folder, 'package.json')
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version : undefined
}
