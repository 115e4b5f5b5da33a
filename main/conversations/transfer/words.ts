import type { Language } from '../../../preload/contract-languages.ts'

/** What exported files say, and are called, besides the chats themselves. */
export interface ExportWords {
  /** BCP 47, for dates. */
  readonly language: string
  readonly allChats: string
  readonly untitled: string
  readonly you: string
  readonly model: string
  readonly system: string
  /** Before the name of a picture. */
  readonly picture: string
  /** Before the name of a document. */
  readonly document: string
  /** Before the name of a tool. */
  readonly calls: string
  readonly result: string
  readonly unfinished: string
}

const words: Record<Language, ExportWords> = {
  en: {
    language: 'en',
    allChats: 'Hearth chats',
    untitled: 'Untitled chat',
    you: 'You',
    model: 'Model',
    system: 'System',
    picture: 'Picture:',
    document: 'File:',
    calls: 'Asked for the tool',
    result: 'Result of',
    unfinished: 'This answer was not finished.',
  },
  'zh-CN': {
    language: 'zh-CN',
    allChats: 'Hearth 对话',
    untitled: '未命名对话',
    you: '你',
    model: '模型',
    system: '系统',
    picture: '图片：',
    document: '文件：',
    calls: '请求调用工具',
    result: '工具结果',
    unfinished: '这个回答没有写完。',
  },
}

export const exportWords = (language: Language): ExportWords => words[language]
