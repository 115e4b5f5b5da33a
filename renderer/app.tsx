import { useEffect } from 'react'
import {
  formsAction,
  modelsAction,
  newChatAction,
  serverAction,
  settingsAction,
  windowActions,
} from './features/actions/actions.ts'
import { useShortcuts } from './features/actions/use-shortcuts.ts'
import { Chat } from './features/chat/chat.tsx'
import { Drops } from './features/drops/drops.tsx'
import { FormsPlace } from './features/forms/forms-place.tsx'
import { Rail, Sidebar } from './features/history/sidebar.tsx'
import { SidebarOverlay } from './features/history/sidebar-overlay.tsx'
import { closeSidebarOverlay, narrowWindow, useSidebarOverlay } from './features/history/sidebar-state.ts'
import { ModelsPage } from './features/models/models-page.tsx'
import { PullsNote } from './features/models/pulls/pulls-note.tsx'
import { Notices } from './features/notices/notices.tsx'
import { Palette } from './features/palette/palette.tsx'
import { ServerPage } from './features/server/server-page.tsx'
import { SettingsPage } from './features/settings/settings-page.tsx'
import { TransferProgress } from './features/transfer/transfer-progress.tsx'
import { TrashPage } from './features/trash/trash-page.tsx'
import { useConversations } from './state/conversations.ts'
import { type Place, usePlace } from './state/place.ts'
import { useSettings } from './state/settings.ts'
import { useMedia } from './state/use-media.ts'
import { Toaster } from './ui/toaster.tsx'
import { TooltipProvider } from './ui/tooltip.tsx'

/** Milliseconds the pointer rests before a tooltip comes. */
const tooltipDelay = 500

export function App() {
  const place = usePlace(state => state.place)
  useShortcuts(windowActions)
  useUsableMark()
  return (
    <TooltipProvider delayDuration={tooltipDelay}>
      <div className="flex h-full">
        <Side place={place} />
        <div className="flex min-w-0 flex-1 flex-col">
          <Notices />
          <div className="relative flex min-h-0 flex-1">
            <Main place={place} />
            <Drops />
            <TransferProgress />
            <Toaster />
            <Palette actions={windowActions} />
          </div>
        </div>
      </div>
    </TooltipProvider>
  )
}

/** Says on the page's timeline when chats and composer have been drawn, which `npm run bench:window` reads. */
function useUsableMark(): void {
  const listed = useConversations(({ conversations }) => conversations !== null)
  useEffect(() => {
    if (listed) requestAnimationFrame(() => performance.mark('usable'))
  }, [listed])
}

function Main({ place }: { place: Place }) {
  if (place.kind === 'settings') return <SettingsPage />
  if (place.kind === 'server') return <ServerPage />
  if (place.kind === 'models') return <ModelsPage />
  if (place.kind === 'trash') return <TrashPage />
  if (place.kind === 'forms') return <FormsPlace formId={place.formId} />
  return <Chat conversationId={place.conversationId} />
}

/** The actions that lead to a place, by its kind. */
const placeActions = {
  forms: formsAction,
  models: modelsAction,
  server: serverAction,
  settings: settingsAction,
  trash: undefined,
  chat: undefined,
}

/** What the sidebar tells of a place, by the action that leads there. */
const placeNotes = { [modelsAction.id]: PullsNote }

/** The sidebar: wide, a rail, or a rail with the wide form lying over a narrow window. */
function Side({ place }: { place: Place }) {
  const narrow = useMedia(narrowWindow)
  const collapsed = useSettings(settings => settings.sidebarCollapsed)
  const overlay = useSidebarOverlay(state => state.open) && narrow
  // Going anywhere puts the overlay away.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the place is what it waits for
  useEffect(closeSidebarOverlay, [place])
  const parts = {
    top: [newChatAction],
    bottom: [formsAction, modelsAction, serverAction, settingsAction],
    current: placeActions[place.kind]?.id,
    notes: placeNotes,
  }
  if (!narrow && !collapsed) return <Sidebar {...parts} />
  return (
    <>
      <Rail {...parts} />
      {overlay ? <SidebarOverlay {...parts} /> : null}
    </>
  )
}
