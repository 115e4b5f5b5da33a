import { type Session, shell, type WebContents } from 'electron'
import { appOrigin } from './app-protocol.ts'
import type { Log } from './log.ts'

/** What a page may still ask the system for: the copy buttons need it, and it only writes. */
const allowedPermission = 'clipboard-sanitized-write'

/** Pages talk to the app and to nothing else: no network, no camera, no download, whatever a page's content says. */
export function confineSession(session: Session, log: Log): void {
  session.setPermissionRequestHandler((_, permission, answer) => answer(permission === allowedPermission))
  session.setPermissionCheckHandler((_, permission) => permission === allowedPermission)
  session.setDevicePermissionHandler(() => false)
  session.on('will-download', event => event.preventDefault())
  session.webRequest.onBeforeRequest((request, answer) => {
    const allowed = /^(app|data|blob|devtools):/.test(request.url)
    if (!allowed) log.write(`a page was kept from loading ${request.url.slice(0, 200)}`)
    answer({ cancel: !allowed })
  })
}

/** A page stays the page it is and opens no other; addresses of the web go to the person's browser. */
export function confineContents(contents: WebContents): void {
  contents.setWindowOpenHandler(({ url }) => {
    if (/^(https?|mailto):/i.test(url)) void shell.openExternal(url)
    return { action: 'deny' }
  })
  contents.on('will-frame-navigate', event => {
    // Loading the page again is a navigation, too.
    if (!(event.isMainFrame && event.url === `${appOrigin}/`)) event.preventDefault()
  })
  contents.on('will-redirect', event => event.preventDefault())
  contents.on('will-attach-webview', event => event.preventDefault())
}
