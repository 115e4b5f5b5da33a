import { resolve } from 'node:path'
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'
import { nameBundledPackages, workerPackagesFile } from './scripts/dist/bundled-packages.ts'

const here = import.meta.dirname

/** Where the built files go; scripts/build.ts puts them aside first, and in their place when all are there. */
const out = resolve(here, process.env.HEARTH_BUILD_FOLDER ?? 'out')
const htmlParser = resolve(here, 'node_modules/hast-util-from-html-isomorphic/index.js')

/** The oldest runtime this has to work in, Electron 33; without these the newest Electron would be the target. */
const target = { node: 'node20.18', chrome: 'chrome130' }

/** One bundle a process. Runtime dependencies stay outside the main bundle, as native parts cannot be bundled. */
export default defineConfig({
  main: {
    plugins: [nameBundledPackages()],
    build: {
      target: target.node,
      outDir: resolve(out, 'main'),
      rollupOptions: {
        input: {
          index: resolve(here, 'main/index.ts'),
          headless: resolve(here, 'main/headless.ts'),
          cli: resolve(here, 'main/cli.ts'),
          'engine-process': resolve(here, 'main/engine/engine-process.ts'),
          'text-worker': resolve(here, 'main/engine/runner/text-worker.ts'),
          'tool-process': resolve(here, 'main/engine/tool/tool-process.ts'),
          'hash-worker': resolve(here, 'main/library/registry/hash-worker.ts'),
          'receive-worker': resolve(here, 'main/library/registry/receive-worker.ts'),
          'body-worker': resolve(here, 'main/api/bodies/body-worker.ts'),
          'grammar-worker': resolve(here, 'main/inference/grammar/grammar-worker.ts'),
          'prompt-worker': resolve(here, 'main/inference/prompt/prompt-worker.ts'),
          'sheet-worker': resolve(here, 'main/forms/export/sheet-worker.ts'),
        },
        output: { format: 'es', entryFileNames: '[name].js' },
      },
    },
  },
  preload: {
    plugins: [nameBundledPackages()],
    build: {
      target: target.node,
      outDir: resolve(out, 'preload'),
      rollupOptions: {
        input: { index: resolve(here, 'preload/index.ts') },
        // A sandboxed preload script must be CommonJS.
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'renderer',
    plugins: [react(), tailwindcss(), nameBundledPackages()],
    worker: { format: 'es', plugins: () => [nameBundledPackages(workerPackagesFile)] },
    // KaTeX's HTML is parsed in JavaScript, not by the page: the page's parser would refuse its styles (style-src).
    resolve: { alias: { 'hast-util-from-html-isomorphic': htmlParser } },
    build: {
      target: target.chrome,
      // Half of what has to be read and parsed before the first picture.
      minify: true,
      outDir: resolve(out, 'renderer'),
      emptyOutDir: true,
      rollupOptions: { input: { index: resolve(here, 'renderer/index.html') } },
    },
  },
})
