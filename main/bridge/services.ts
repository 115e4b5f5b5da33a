import type { AppInfo, Command, MenuAction, MenuEntryState, Opening, StreamEvent } from '../../preload/contract.ts'
import type { Language } from '../../preload/contract-languages.ts'
import type { ApiServer } from '../api/server/api-server.ts'
import type { Backups } from '../backups/backups.ts'
import type { Conversations } from '../conversations/conversations.ts'
import type { Forms } from '../forms/forms.ts'
import type { Fitting } from '../library/fit/fitting.ts'
import type { Library } from '../library/library.ts'
import type { Makings } from '../library/making/makings.ts'
import type { ModelsMove } from '../library/moving/models-move.ts'
import type { Pulls } from '../library/registry/pulls.ts'
import type { Connections } from '../settings/connections.ts'
import type { Notices } from '../settings/notices.ts'
import type { SettingsStore } from '../settings/settings-store.ts'
import type { Updates } from '../updates/updates.ts'

/** What a window can reach through the bridge. */
export interface BridgeServices {
  /** The API app. */
  readonly fetch: (request: Request) => Response | Promise<Response>
  /** The API's door for other programs. */
  readonly server: ApiServer
  readonly conversations: Conversations
  readonly forms: Forms
  readonly backups: Backups
  readonly library: Library
  readonly pulls: Pulls
  readonly modelsMove: ModelsMove
  readonly fitting: Fitting
  /** Short names of the models that were there before Hearth. */
  readonly foundModels: readonly string[]
  readonly makings: Makings
  readonly settings: SettingsStore
  readonly notices: Notices
  readonly connections: Connections
  /** The folder of the person's data. */
  readonly home: string
  readonly updates: Updates
  /** The command `hearth` where a terminal finds it. */
  readonly command: {
    look(): Promise<Command | null>
    install(): Promise<void>
    remove(): Promise<void>
  }
  /** Hearth in the desktop's menu. */
  readonly menuEntry: {
    look(): MenuEntryState | null
    change(on: boolean): Promise<void>
  }
  readonly app: {
    info(): AppInfo
    /** Opens an address in the person's browser. Called with http and https only. */
    openExternal(url: string): Promise<void>
    /** The language the person reads. */
    language(): Language
    /** Asks where a file is to be saved, its ending included. @returns its path; null for nowhere */
    askWhereToSave(name: string): Promise<string | null>
    /** Asks for a JSON file to open. @returns its path; null for none */
    askWhatToOpen(): Promise<string | null>
    /** Asks for a model's file, or for a folder: of a model, or for models. @returns its path; null for none */
    askForModel(what: 'file' | 'folder'): Promise<string | null>
    /** A picture of the screen, as a PNG. @throws Problem `screen-refused` */
    takeScreenshot(): Promise<Uint8Array<ArrayBuffer>>
    showInFolder(path: string): void
    newWindow(): void
    readonly quick: {
      show(): void
      openInHearth(conversationId: string): void
      /** Calls at once, then at every change. @returns ends it */
      watch(listener: (state: StreamEvent<'quick.watch'>) => void): () => void
    }
    /** Links and files that were handed to Hearth since this was last asked. */
    takeOpenings(): Promise<Opening[]>
    /** Shows what a window can do in the application's menu. */
    setActions(actions: readonly MenuAction[]): void
  }
}
