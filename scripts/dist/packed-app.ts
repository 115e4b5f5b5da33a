import { cp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { AfterPackContext, ArtifactBuildStarted } from 'electron-builder'
import { projectFolder } from '../project.ts'
import { billOfMaterials } from './bill-of-materials.ts'
import { componentsOf } from './components.ts'
import { noticesText } from './notices.ts'

/** electron-builder's afterExtract: takes away what an unpacked Electron starts when it has no app. */
export async function removeDefaultApp({
  appOutDir,
  electronPlatformName,
}: Pick<AfterPackContext, 'appOutDir' | 'electronPlatformName'>): Promise<void> {
  const resources = electronPlatformName === 'darwin' ? ['Electron.app', 'Contents', 'Resources'] : ['resources']
  await rm(join(appOutDir, ...resources, 'default_app.asar'), { recursive: true, force: true })
}

/**
 * electron-builder's afterPack: lays into the app whose work is in it, as words for people and as a bill for programs;
 * the bill also lies beside the packages.
 *
 * @param electronOrigin where the runtime came from
 * @returns the hook
 */
export function layInNotices(electronOrigin: string): (context: AfterPackContext) => Promise<void> {
  return async ({ appOutDir, outDir, packager }) => {
    const resources = packager.getResourcesDir(appOutDir)
    const { version } = packager.appInfo
    const components = componentsOf(resources, packager.config.electronVersion ?? 'unknown')
    const silent = components.filter(({ notices }) => notices.length === 0)
    if (silent.length > 0) {
      throw new Error(`No licence text for ${silent.map(({ name, license }) => `${name} (${license})`).join(', ')}`)
    }
    const bill = `${JSON.stringify(billOfMaterials(version, components, electronOrigin), null, 2)}\n`
    await writeFile(join(resources, 'THIRD-PARTY-NOTICES.txt'), noticesText(components))
    await writeFile(join(resources, 'sbom.cdx.json'), bill)
    await writeFile(join(outDir, `hearth-${version}-${process.platform}-${process.arch}.cdx.json`), bill)
  }
}

/**
 * electron-builder's artifactBuildStarted: lays what software centres read into the app's folder before it becomes an
 * AppImage, whose tools look for it there. The deb and rpm have it under /usr, the tar.gz leaves it out.
 *
 * @returns the hook
 */
export function layInAppStream(appFolder: string): (artifact: ArtifactBuildStarted) => Promise<void> {
  const name = 'app.hearth.desktop.metainfo.xml'
  return async ({ targetPresentableName }) => {
    if (targetPresentableName !== 'AppImage') return
    await cp(join(projectFolder, 'assets', 'linux', name), join(appFolder, 'usr', 'share', 'metainfo', name))
  }
}
