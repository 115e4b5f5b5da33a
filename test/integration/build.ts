import { ensureBuilt } from '../../scripts/build.ts'
import { ensureSystemPackages } from '../../scripts/system-packages.ts'

/** Tests talk to a real registry. Engines and `npm run serve` are started as a person starts them: from out/. */
export async function setup(): Promise<void> {
  await ensureSystemPackages('tests')
  await ensureBuilt()
}
