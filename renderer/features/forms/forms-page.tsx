import { useTranslation } from 'react-i18next'
import { ProblemCard } from '../../ui/problem-card.tsx'
import { FormPage } from './form-page.tsx'
import { FormsHome } from './forms-home.tsx'
import { useForms } from './forms-store.ts'

/** One form, or the shelf they stand on. */
export default function FormsPage({ formId }: { formId: string | null }) {
  const { t } = useTranslation()
  const { forms, problem } = useForms()
  const form = forms?.find(({ id }) => id === formId)
  if (form) return <FormPage key={form.id} form={form} />
  return (
    <main aria-label={t('forms.title')} className="flex min-w-0 flex-1 flex-col">
      <header className="flex h-(--header) flex-none items-center border-b border-line px-5">
        <h1 className="font-bold">{t('forms.title')}</h1>
      </header>
      <div className="column-box min-h-0 flex-1 px-6">
        <div className="mx-auto max-w-column pb-12">
          {problem ? <ProblemCard problem={problem} remedies={{}} /> : null}
          {formId !== null && forms ? (
            <p role="status" className="pt-6 text-row text-soft">
              {t('forms.gone')}
            </p>
          ) : null}
          {forms ? <FormsHome forms={forms} /> : null}
        </div>
      </div>
    </main>
  )
}
