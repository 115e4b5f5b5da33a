import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'

/** Loaded when somebody goes there: the window opens sooner without its libraries. */
const FormsPage = lazy(() => import('./forms-page.tsx'))

/** Form Studio's place in the window. */
export function FormsPlace({ formId }: { formId: string | null }) {
  const { t } = useTranslation()
  return (
    <Suspense fallback={<main aria-label={t('forms.title')} aria-busy className="flex-1" />}>
      <FormsPage formId={formId} />
    </Suspense>
  )
}
