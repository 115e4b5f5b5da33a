import type { NoticeContent, NoticeValues } from '../../preload/contract.ts'

type Code = NoticeContent['code']

const path = '/home/lena/<b>conversations</b>.db'

const values: { readonly [Each in Code]: NoticeValues<Each> } = {
  'database-set-aside': { path, at: 0, conversations: 12, messages: 340 },
  'database-unavailable': { path, reason: 'locked' },
  'database-put-back': { path },
  'database-replaced': { path },
  'settings-set-aside': { path },
  'port-taken': { wanted: 11434, address: 'http://127.0.0.1:11435' },
  'api-not-listening': { reason: 'no such address' },
  'demo-model-missing': { reason: 'other', path, message: 'no such file' },
  'disk-full': { path },
  'model-stepped-down': {
    model: 'm:latest',
    reason: 'both',
    askedContext: 32768,
    context: 8192,
    askedLayers: 33,
    layers: 20,
  },
  'models-folder-missing': { path },
  'graphics-unfitting': { packages: 'hearth-gpu-vulkan', version: '1.2.3' },
  'backup-failed': { reason: 'disk-full' },
  'went-back-in-part': {},
  'window-recovered': {},
  'text-size-unsaved': {},
}

/** One of each kind, with the values main gives it. */
export const everyNotice = Object.entries(values).map(([code, given]) => ({ code, values: given }) as NoticeContent)
