import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import type { Language } from '../../preload/contract-languages.ts'
import { en } from './en.ts'
import { isolated } from './isolated.ts'
import type { TextKey, Texts } from './texts.ts'
import { zhCN } from './zh-CN.ts'

declare module 'i18next' {
  interface CustomTypeOptions {
    resources: { translation: typeof en }
  }
}

const resources: Record<Language, { readonly translation: Texts }> = {
  en: { translation: en },
  'zh-CN': { translation: zhCN },
}

/** Prepares the texts; call once before the first render. */
export async function startTexts(language: Language): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: 'en',
    supportedLngs: Object.keys(resources),
    resources,
    // React escapes what it shows; escaping here as well would show &amp; to the person.
    interpolation: { escapeValue: true, escape: isolated },
  })
  document.documentElement.lang = language
}

/** Shows another language from now on. */
export async function changeLanguage(language: Language): Promise<void> {
  await i18next.changeLanguage(language)
  document.documentElement.lang = language
}

/** A text chosen at run time, with the values it names: here both come from main, so no type can match them up. */
export const textWith = (key: TextKey, values: Readonly<Record<string, string | number | undefined>>): string =>
  i18next.t(key, { ...values, defaultValue: key })

export { i18next }
