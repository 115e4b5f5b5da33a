import type { Settings } from '../../preload/contract.ts'

/** What the parts of the desktop say that are drawn by the system and not by the window. */
const en = {
  file: 'File',
  edit: 'Edit',
  view: 'View',
  window: 'Window',
  about: 'About Hearth',
  hide: 'Hide Hearth',
  hideOthers: 'Hide Others',
  showAll: 'Show All',
  quit: 'Quit Hearth',
  close: 'Close Window',
  undo: 'Undo',
  redo: 'Redo',
  cut: 'Cut',
  copy: 'Copy',
  paste: 'Paste',
  selectAll: 'Select All',
  copyLink: 'Copy Link',
  reload: 'Load the Window Again',
  actualSize: 'Actual Size',
  larger: 'Larger',
  smaller: 'Smaller',
  fullScreen: 'Full Screen',
  minimize: 'Minimise',
  developerTools: 'Developer Tools',
  stoppedAgain: 'The window stopped working again',
  stoppedAgainText: 'Your chats are safe, and an answer being written goes on.',
  tryAgain: 'Try Again',
  noStart: 'Hearth cannot start',
  unusableHome:
    'It may not write to the folder of your chats and settings, or the folder cannot be reached. Nothing in it was changed. Connect its disk, or allow Hearth to write there, then start it again.',
  jsonFiles: 'For Hearth and other programs (JSON)',
  modelFiles: 'Models (GGUF, safetensors)',
  markdownFiles: 'Text to read (Markdown)',
  zipFiles: 'Texts to read (zip of Markdown)',
  go: 'Go',
  show: 'Show Hearth',
  newChat: 'New Chat',
  quick: 'Quick Question',
  inMemory: 'Models in Memory',
  noModel: 'None',
  answerIsHere: 'The answer is finished',
  modelIsHere: 'The model is here',
  modelIsMade: 'The model is made',
  formIsFilled: 'All sources of the form are read',
  modelsMoved: 'The models have been moved',
  modelsNotMoved: 'The models could not be moved',
  csvFiles: 'Table for any program (CSV)',
  xlsxFiles: 'Excel workbook (XLSX)',
}

export type DesktopTexts = typeof en

const zhCN: DesktopTexts = {
  file: '文件',
  edit: '编辑',
  view: '显示',
  window: '窗口',
  about: '关于 Hearth',
  hide: '隐藏 Hearth',
  hideOthers: '隐藏其他',
  showAll: '全部显示',
  quit: '退出 Hearth',
  close: '关闭窗口',
  undo: '撤销',
  redo: '重做',
  cut: '剪切',
  copy: '复制',
  paste: '粘贴',
  selectAll: '全选',
  copyLink: '复制链接',
  reload: '重新载入窗口',
  actualSize: '实际大小',
  larger: '放大',
  smaller: '缩小',
  fullScreen: '全屏',
  minimize: '最小化',
  developerTools: '开发者工具',
  stoppedAgain: '窗口再次停止工作',
  stoppedAgainText: '你的对话都在，正在写的回答也会继续。',
  tryAgain: '再试一次',
  noStart: 'Hearth 无法启动',
  unusableHome:
    '存放对话和设置的文件夹无法写入，或者无法访问。里面的内容没有任何改动。请连接它所在的磁盘，或者允许 Hearth 写入，然后重新启动。',
  jsonFiles: '供 Hearth 和其他程序使用（JSON）',
  modelFiles: '模型（GGUF、safetensors）',
  markdownFiles: '可阅读的文本（Markdown）',
  zipFiles: '可阅读的文本（Markdown 压缩包）',
  go: '前往',
  show: '显示 Hearth',
  newChat: '新对话',
  quick: '快速提问',
  inMemory: '内存中的模型',
  noModel: '无',
  answerIsHere: '回答已完成',
  modelIsHere: '模型已下载完成',
  modelIsMade: '模型已做好',
  formIsFilled: '表单已全部填写完',
  modelsMoved: '模型已移动完成',
  modelsNotMoved: '模型未能移动',
  csvFiles: '通用表格（CSV）',
  xlsxFiles: 'Excel 工作簿（XLSX）',
}

/** The language to show. @param systemLanguage as a BCP 47 tag */
export function languageFor(language: Settings['language'], systemLanguage: string): 'en' | 'zh-CN' {
  const chosen = language === 'system' ? systemLanguage : language
  return chosen.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en'
}

/** @param systemLanguage as a BCP 47 tag */
export function desktopTexts(language: Settings['language'], systemLanguage: string): DesktopTexts {
  return languageFor(language, systemLanguage) === 'zh-CN' ? zhCN : en
}
