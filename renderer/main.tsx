import './styles/app.css'
import { createRoot } from 'react-dom/client'
import { languageFor } from '../preload/contract-languages.ts'
import { App } from './app.tsx'
import { windowActions } from './features/actions/actions.ts'
import { showInMenu } from './features/actions/menu.ts'
import { followBackups } from './features/backups/backups-store.ts'
import { followForms } from './features/forms/forms-store.ts'
import { followDraft } from './features/models/making/draft-keeping.ts'
import { followMakings } from './features/models/making/makings-store.ts'
import { endTrialOnLeaving } from './features/models/making/trial-store.ts'
import { refreshModels } from './features/models/models-store.ts'
import { followPulls } from './features/models/pulls/pulls-store.ts'
import { followNotices } from './features/notices/notices-store.ts'
import { takeOpenings } from './features/openings/take-openings.ts'
import { Quick } from './features/quick/quick.tsx'
import { followSearch } from './features/search/search-store.ts'
import { followPresets } from './features/tuning/presets-store.ts'
import { saveTuningOnLeaving } from './features/tuning/tuning-store.ts'
import { changeLanguage, startTexts } from './i18n/i18n.ts'
import { loadAppInfo } from './state/app-info.ts'
import { followConversations } from './state/conversations.ts'
import { followDrafts } from './state/drafts.ts'
import { attempt } from './state/perform.ts'
import { followAddress } from './state/place.ts'
import { isQuickWindow } from './state/quick-window.ts'
import { followSettings, useSettings } from './state/settings.ts'
import { applyRememberedTheme, applyTheme } from './state/theme.ts'
import { showCutTexts } from './ui/cut-text.ts'
import { refuseTooLong } from './ui/refuse-too-long.ts'

applyRememberedTheme()
// What is opened goes into the draft that was kept, not before it.
const kept = followDraft()
attempt(() => kept)
followAddress(() =>
  attempt(async () => {
    await Promise.allSettled([kept])
    await takeOpenings()
  }),
)
followNotices()
followConversations()
followSearch()
followPulls()
followMakings()
endTrialOnLeaving()
followDrafts()
saveTuningOnLeaving()
followForms()

const [info, settings] = await Promise.all([loadAppInfo(), followSettings()])
applyTheme(settings.theme)
document.documentElement.dataset.platform = info.platform
await startTexts(languageFor(settings.language, info.systemLanguage))
useSettings.subscribe(({ theme, language, modelsFolder }, before) => {
  if (theme !== before.theme) applyTheme(theme)
  if (language !== before.language) void changeLanguage(languageFor(language, info.systemLanguage))
  if (modelsFolder !== before.modelsFolder) void refreshModels()
})

followPresets()
followBackups()
showCutTexts()
refuseTooLong()

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')
createRoot(root).render(isQuickWindow() ? <Quick /> : <App />)
// The quick window does none of what the menu lists.
if (!isQuickWindow()) showInMenu(windowActions)

// Models come and go by other programs' hands while the window is away.
void refreshModels()
window.addEventListener('focus', () => void refreshModels())
