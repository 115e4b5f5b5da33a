import { describe, expect, it } from 'vitest'
import { handedOver } from '../../../main/desktop/handed-over.ts'

const files = (...args: string[]) => handedOver(args, '/home/ada')

describe('arguments', () => {
  it('that are links or model files are what was handed over, in their order', () => {
    expect(files('/models/a.gguf', 'hearth://pull/qwen3', 'B.GGUF')).toEqual([
      { kind: 'file', path: '/models/a.gguf' },
      { kind: 'link', text: 'hearth://pull/qwen3' },
      { kind: 'file', path: '/home/ada/B.GGUF' },
    ])
  })

  // Desktops give %U as addresses.
  it('may be the address of a file, with its characters written out', () => {
    expect(files('file:///models/my%20model.gguf')).toEqual([{ kind: 'file', path: '/models/my model.gguf' }])
  })

  it('of other kinds are switches, the app itself, or nothing of ours', () => {
    expect(files('--no-sandbox', '/opt/Hearth', 'https://example.com/a.txt', '--x=/a.gguf', 'notes.txt', '')).toEqual(
      [],
    )
  })

  it('that name a file on another computer, or are no address at all, are left alone', () => {
    expect(files('file://elsewhere/a.gguf', 'file:///%zz.gguf')).toEqual([])
  })
})
