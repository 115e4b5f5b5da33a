import type { Plugin } from 'vite'

/** The file beside each bundle that names the packages inside it, and that of the window's workers. */
export const bundledPackagesFile = 'bundled-packages.json'
export const workerPackagesFile = 'worker.bundled-packages.json'

/**
 * Writes down which packages a bundle holds, so that their licences travel with it: a list of folders under the
 * project's node_modules, as `node_modules/NAME` or `node_modules/A/node_modules/B`.
 */
export function nameBundledPackages(fileName = bundledPackagesFile): Plugin {
  return {
    name: 'hearth:bundled-packages',
    generateBundle(_, bundle) {
      const folders = new Set<string>()
      for (const chunk of Object.values(bundle)) {
        if (chunk.type !== 'chunk') continue
        for (const module of chunk.moduleIds) {
          const folder = packageFolder(module)
          if (folder !== undefined) folders.add(folder)
        }
      }
      const source = `${JSON.stringify([...folders].sort(), null, 2)}\n`
      this.emitFile({ type: 'asset', fileName, source })
    },
  }
}

/** @param module as Rollup names it: an absolute path, with a mark or a query perhaps */
export function packageFolder(module: string): string | undefined {
  const path = module.replaceAll('\\', '/').replace(/\?.*$/, '')
  return /^.*?\/(node_modules\/(?:.*\/node_modules\/)?(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1]
}
