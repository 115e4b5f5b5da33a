import { parseArgs } from 'node:util'
import { packHearth } from './dist/pack.ts'

const usage = `npm run dist [-- OPTION…]: packages of Hearth, in dist/

  --target NAME       one of this system's: deb, rpm, tar.gz, AppImage, dir; dmg, zip; nsis, portable. Several times for
                      several. Without it, what can be made with the tools of npm and of this system.
  --release           refuses what may not be given to others: an Electron that is not the official build, and placeholders
                      in the place of the publisher
  --without-gpu       leaves out the packages with back ends for graphics cards`

const { values } = parseArgs({
  options: {
    target: { type: 'string', multiple: true },
    release: { type: 'boolean', default: false },
    'without-gpu': { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
})

if (values.help) console.log(usage)
else {
  try {
    const made = await packHearth({
      targets: values.target,
      release: values.release,
      gpu: !values['without-gpu'],
      tell: line => console.log(line),
    })
    for (const file of made) console.log(file)
  } catch (error) {
    console.error((error as Error).message)
    process.exitCode = 1
  }
}
