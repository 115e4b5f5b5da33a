import { setTimeout as sleep } from 'node:timers/promises'
import type { ServerState, Settings } from '../../../preload/contract.ts'
import { Listeners } from '../../listeners.ts'
import { Mutex } from '../../mutex.ts'
import type { OllamaHost } from '../../ollama-host.ts'
import { Problem } from '../../problem.ts'
import type { Notices } from '../../settings/notices.ts'
import type { SettingsStore } from '../../settings/settings-store.ts'
import { isLoopback } from '../allowed-host.ts'
import type { Api } from '../app.ts'
import { CannotListen, type Listening, type ListenOptions, listen } from '../http.ts'
import { hasBackgroundServer } from './background-server.ts'
import { serverUrls } from './lan-addresses.ts'
import { apiOffNotice, openApiDoor } from './open-door.ts'
import { RequestLog } from './request-log.ts'

/** Milliseconds between two looks whether a port has come free. */
const look = 1000

/** What of the settings is about the server. */
export type ServerSettings = Pick<Settings, 'apiOn' | 'apiReach' | 'apiPort' | 'apiOrigins'>

export interface ApiServerOptions {
  readonly api: Api
  readonly settings: SettingsStore
  readonly notices: Notices
  /** Where a server that a command started tells of itself. */
  readonly home: string
  /** OLLAMA_HOST, which holds until the person chooses. */
  readonly host: Pick<OllamaHost, 'host' | 'port'>
  /** OLLAMA_ORIGINS, which always holds. */
  readonly origins: string
  /** Hears why the API does not listen. */
  readonly onTrouble: (error: unknown) => void
}

/**
 * The HTTP door of the app, which the person opens, moves and shuts while it is in use. A change that cannot be made
 * leaves everything as it was; one that is made cuts no answer that is on its way.
 */
export class ApiServer {
  readonly log = new RequestLog()
  readonly #options: ApiServerOptions
  readonly #listeners = new Listeners<ServerState>()
  #door: Listening | undefined
  /** Doors that are shut, and may still have answers on their way. */
  readonly #draining = new Set<Listening>()
  /** One change after the other: two windows may turn the same switch. */
  readonly #changes = new Mutex()
  readonly #closed = new AbortController()

  constructor(options: ApiServerOptions) {
    this.#options = options
  }

  /** Listens as the settings say, at the next free port where that one is taken. Never rejects: trouble is a notice. */
  start(): Promise<void> {
    return this.#changes.run(() => this.#start())
  }

  state(): ServerState {
    const { apiOn, apiOrigins } = this.#options.settings.get()
    const door = this.#door
    const host = door?.address ?? this.#host(this.#options.settings.get())
    const reach = isLoopback(host) ? 'computer' : 'network'
    return {
      on: apiOn,
      reach,
      port: door?.port ?? this.#port(this.#options.settings.get()),
      origins: apiOrigins,
      addresses: door ? serverUrls(host, door.port) : [],
    }
  }

  /** Calls at once with the state, then at every change. @returns ends it */
  watch(listener: (state: ServerState) => void): () => void {
    return this.#listeners.add(listener, this.state())
  }

  /**
   * Makes a change and keeps it in the settings.
   * @throws Problem port-taken, port-forbidden, bad-origin, or the settings' own; nothing is changed then
   */
  change(change: Partial<ServerSettings>): Promise<void> {
    return this.#changes.run(async () => {
      const before = this.#options.settings.get()
      await this.#apply({ ...before, ...change })
      try {
        await this.#options.settings.change(change)
      } catch (error) {
        // A full disk keeps no settings: what is shown and what holds after a restart are to be the same.
        await this.#apply(before).catch(this.#options.onTrouble)
        throw error
      } finally {
        this.#tell()
      }
    })
  }

  /** Stops listening and ends every connection. */
  async close(): Promise<void> {
    this.#closed.abort()
    await this.#changes.run(() => Promise.all([this.#door, ...this.#draining].map(door => door?.close())))
  }

  async #start(): Promise<void> {
    const { settings, notices, home, onTrouble } = this.#options
    const wanted = settings.get()
    if (!wanted.apiOn) return
    const port = this.#port(wanted)
    try {
      const { listening, moved } = await openApiDoor(this.#options.api, this.#listenOptions(wanted, port))
      this.#door = listening
      if (!moved) return
      if (await hasBackgroundServer(home, port)) void this.#follow(port).catch(onTrouble)
      else this.#tellOfTaken(port)
    } catch (error) {
      // Chats need no port.
      onTrouble(error)
      notices.add(apiOffNotice(error, port))
    } finally {
      this.#tell()
    }
  }

  #tellOfTaken(port: number): void {
    const [address = ''] = this.state().addresses
    this.#options.notices.add({ code: 'port-taken', values: { wanted: port, address } })
  }

  /**
   * Moves to the port once the server that a command started has left it. Until then that one answers there, with the
   * same models, so the person is told nothing.
   */
  async #follow(port: number): Promise<void> {
    const { signal } = this.#closed
    while (!signal.aborted && (await hasBackgroundServer(this.#options.home, port))) {
      await sleep(look, undefined, { ref: false })
    }
    await this.#changes.run(async () => {
      const wanted = this.#options.settings.get()
      if (signal.aborted || !wanted.apiOn || this.#port(wanted) !== port) return
      try {
        await this.#apply({ ...wanted, apiPort: port })
      } catch (error) {
        this.#options.onTrouble(error)
        return this.#tellOfTaken(port)
      }
      this.#tell()
    })
  }

  /** Opens, moves or shuts the door. */
  async #apply(wanted: ServerSettings): Promise<void> {
    const old = this.#door
    if (!wanted.apiOn) {
      this.#door = undefined
      if (old) await this.#drain(old)
      return
    }
    // Where no port was chosen, the one in use stays in use.
    const port = wanted.apiPort ?? old?.port ?? this.#port(wanted)
    const options = this.#listenOptions(wanted, port)
    if (old && port === old.port && this.#host(wanted) === this.#host(this.#options.settings.get())) {
      refusingOrigins(() => old.allow(options.origins ?? ''))
      return
    }
    if (old?.port === port) await this.#moveWithinPort(old, options)
    else {
      const listening = await opened(this.#options.api, options)
      this.#door = listening
      if (old) await this.#drain(old)
    }
  }

  /** The system gives a port to one listener at a time, also where the addresses differ. */
  async #moveWithinPort(old: Listening, options: ListenOptions): Promise<void> {
    await this.#drain(old)
    try {
      this.#door = await opened(this.#options.api, options)
    } catch (error) {
      this.#door = await opened(this.#options.api, this.#listenOptions(this.#options.settings.get(), old.port))
      throw error
    }
  }

  async #drain(door: Listening): Promise<void> {
    this.#draining.add(door)
    await door.drain()
  }

  #listenOptions(wanted: ServerSettings, port: number): ListenOptions {
    const origins = [this.#options.origins, ...wanted.apiOrigins].filter(Boolean).join(',')
    return { host: this.#host(wanted), port, origins, onRequest: entry => this.log.add(entry) }
  }

  #host({ apiReach }: ServerSettings): string {
    if (apiReach === null) return this.#options.host.host
    return apiReach === 'computer' ? '127.0.0.1' : ''
  }

  #port({ apiPort }: ServerSettings): number {
    return apiPort ?? this.#options.host.port
  }

  #tell(): void {
    const state = this.state()
    this.#listeners.tell(state)
  }
}

async function opened(api: Api, options: ListenOptions): Promise<Listening> {
  try {
    return await listen(api, options)
  } catch (error) {
    if (!(error instanceof CannotListen)) throw asBadOrigin(error)
    const code = error.code === 'EACCES' ? 'port-forbidden' : 'port-taken'
    throw new Problem(code, 409, error.message, `${error.code} ${error.host}:${error.port}`)
  }
}

function refusingOrigins(work: () => void): void {
  try {
    work()
  } catch (error) {
    throw asBadOrigin(error)
  }
}

/** What `listen` refuses besides addresses is a list of origins. */
const asBadOrigin = (error: unknown): unknown =>
  error instanceof Problem ? new Problem('bad-origin', 400, error.message, error.details) : error
