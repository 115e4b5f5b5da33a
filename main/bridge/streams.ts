import type { SentEvent, StreamName, Streams } from '../../preload/contract.ts'
import type { Problem } from '../problem.ts'
import { apiRequest } from './api-request.ts'
import { exportChats, importChats } from './chat-files.ts'
import { exportForm } from './form-files.ts'
import { problemInfo } from './problem-info.ts'
import type { BridgeServices } from './services.ts'
import { type OpenStream, type Outlet, PullStream, WatchStream } from './stream.ts'

type Input<N extends StreamName> = ReturnType<Streams[N]['input']['parse']>

export type StreamOpeners = {
  readonly [N in StreamName]: (input: Input<N>, outlet: Outlet<SentEvent<N>>) => OpenStream
}

/** For the streams of `streamsInJson`. */
const inJson = <T>(outlet: Outlet<string>): Outlet<T> => ({
  emit: event => outlet.emit(JSON.stringify(event)),
  end: () => outlet.end(),
})

/** The streams of the contract, each fed by the room that knows. Inputs come checked. */
export function streamOpeners(services: BridgeServices): StreamOpeners {
  const {
    app,
    backups,
    connections,
    conversations,
    fetch,
    forms,
    makings,
    modelsMove,
    notices,
    pulls,
    server,
    settings,
    updates,
  } = services
  const { transfer } = conversations
  return {
    'settings.watch': (_, outlet) => new WatchStream(listener => settings.watch(listener), outlet),
    'notices.watch': (_, outlet) => new WatchStream(listener => notices.watch(listener), outlet),
    'quick.watch': (_, outlet) => new WatchStream(listener => app.quick.watch(listener), outlet),
    'backups.watch': (_, outlet) => new WatchStream(listener => backups.watch(listener), outlet),
    'connections.watch': (_, outlet) => new WatchStream(listener => connections.watch(listener), outlet),
    'server.watch': (_, outlet) => new WatchStream(listener => server.watch(listener), outlet),
    'server.log': (_, outlet) => new WatchStream(listener => server.log.watch(listener), outlet),
    'updates.watch': (_, outlet) =>
      new WatchStream(listener => updates.watch(update => listener(withProblemInfo(update))), outlet),
    'pulls.watch': (_, outlet) =>
      new WatchStream(listener => pulls.watch(list => listener(list.map(withProblemInfo))), outlet),
    'modelsFolder.watch': (_, outlet) =>
      new WatchStream(
        listener => modelsMove.watch(place => listener({ ...place, move: place.move && withProblemInfo(place.move) })),
        outlet,
      ),
    'makings.watch': (_, outlet) =>
      new WatchStream(listener => makings.watch(list => listener(list.map(withProblemInfo))), outlet),
    'drafts.watch': (_, outlet) => new WatchStream(listener => conversations.drafts.watch(listener), outlet),
    'presets.watch': (_, outlet) => new WatchStream(listener => conversations.presets.watch(listener), outlet),
    'conversations.list': (_, outlet) => new WatchStream(listener => conversations.watchList(listener), inJson(outlet)),
    'conversations.watch': ({ conversationId }, outlet) =>
      new WatchStream(listener => conversations.watch(conversationId, listener), inJson(outlet)),
    'chats.export': (input, outlet) => new PullStream(() => exportChats(transfer, app, input), outlet),
    'chats.import': (_, outlet) => new PullStream(() => importChats(transfer, app), outlet),
    'forms.list': (_, outlet) => new WatchStream(listener => forms.watchList(listener), outlet),
    'forms.rows': ({ formId }, outlet) => new WatchStream(listener => forms.watchRows(formId, listener), outlet),
    'forms.sources': ({ formId }, outlet) => new WatchStream(listener => forms.watchSources(formId, listener), outlet),
    'forms.export': (input, outlet) => new PullStream(() => exportForm(forms.files, app, input), outlet),
    'api.request': (request, outlet) => new PullStream(signal => apiRequest(fetch, request, signal), outlet),
  }
}

/** Its problem as it crosses to the window. */
function withProblemInfo<T extends { readonly problem: Problem | null }>(item: T) {
  return { ...item, problem: item.problem && problemInfo(item.problem) }
}
