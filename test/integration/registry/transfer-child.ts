import { join } from 'node:path'
import { Library } from '../../../main/library/library.ts'
import { Registry } from '../../../main/library/registry/registry.ts'
import { downloadThreads } from '../hearth.ts'

/** A process that pulls or pushes one model. Arguments: which of both, its folder, the model. */
const [direction, folder, model] = process.argv.slice(2) as ['pull' | 'push', string, string]
const library = new Library({ modelsFolder: join(folder, 'models') })
const registry = new Registry({ library, userHome: folder, version: '0.0.0', ...downloadThreads })
await registry[direction](model, () => undefined, { insecure: true })
await registry.close()
