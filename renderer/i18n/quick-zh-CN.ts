import type { quickEn } from './quick-en.ts'
import type { WithoutSingular } from './texts.ts'

/** 快速提问的文字。 */
export const quickZhCN: WithoutSingular<typeof quickEn> = {
  quick: {
    title: '快速提问',
    escape: '按 Esc 关闭，对话会保留。',
    openInHearth: '在 Hearth 中打开',
    key: '快速提问的快捷键',
    keyHint: 'Hearth 运行时，可在任何程序上打开小窗口。除非你选择，Hearth 不会占用任何快捷键。',
    off: '无',
    refused: '系统没有把这个快捷键交给 Hearth，可能已被其他程序占用，请换一个。也可以从菜单或系统托盘快速提问。',
    wayland:
      '此系统（Wayland）不允许程序在所有窗口中监听快捷键，因此它可能只在部分窗口中有效。也可以从菜单或系统托盘快速提问。',
  },
}
