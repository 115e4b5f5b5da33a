/**
 * The languages Hearth speaks, each by its own name. Apart from contract.ts, so that the window does not carry its
 * schemas. Whatever says something in them is a record over `Language`: the compiler names what one more has to fill.
 */
export const languageNames = { en: 'English', 'zh-CN': '简体中文' } as const
export type Language = keyof typeof languageNames

export const languages = Object.keys(languageNames) as [Language, ...Language[]]

/**
 * The language to show: the person's choice, else what the system speaks where Hearth speaks it, else English.
 * @param systemLanguage as a BCP 47 tag
 */
export function languageFor(setting: 'system' | Language, systemLanguage: string): Language {
  if (setting !== 'system') return setting
  const speech = (tag: string) => tag.toLowerCase().split('-')[0]
  return languages.find(language => speech(language) === speech(systemLanguage)) ?? 'en'
}
