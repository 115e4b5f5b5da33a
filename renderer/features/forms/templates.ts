import type { TFunction } from 'i18next'
import type { LucideIcon } from 'lucide-react'
import { ContactIcon, FileUserIcon, NotebookPenIcon, ReceiptTextIcon, StarIcon } from 'lucide-react'
import type { Field, Shape } from '../../../forms/field.ts'
import type { TextKey } from '../../i18n/texts.ts'

/** A form to begin with, in the person's language. */
export interface Template {
  readonly id: string
  readonly name: TextKey
  readonly about: TextKey
  readonly icon: LucideIcon
  readonly fields: (t: TFunction) => Field[]
}

const text: Shape = { kind: 'text' }
const date: Shape = { kind: 'date', form: 'date' }
const number: Shape = { kind: 'number', whole: false }
const listOf = (item: Shape): Shape => ({ kind: 'list', item })
const group = (...fields: Field[]): Shape => ({ kind: 'group', fields })

const field = (key: string, shape: Shape, rest: Partial<Field> = {}): Field => ({
  key,
  required: false,
  shape,
  ...rest,
})
const needed = (key: string, shape: Shape): Field => field(key, shape, { required: true })

export const templates: readonly Template[] = [
  {
    id: 'receipt',
    name: 'forms.receipt',
    about: 'forms.receiptAbout',
    icon: ReceiptTextIcon,
    fields: t => [
      needed(t('forms.sample.shop'), text),
      field(t('forms.sample.date'), date),
      needed(t('forms.sample.total'), number),
      field(t('forms.sample.currency'), { kind: 'choice', choices: ['EUR', 'USD', 'GBP', 'CNY', 'JPY', 'CHF'] }),
      field(
        t('forms.sample.items'),
        listOf(
          group(
            needed(t('forms.sample.item'), text),
            field(t('forms.sample.count'), number),
            field(t('forms.sample.price'), number),
          ),
        ),
      ),
    ],
  },
  {
    id: 'contact',
    name: 'forms.contact',
    about: 'forms.contactAbout',
    icon: ContactIcon,
    fields: t => [
      needed(t('forms.sample.name'), text),
      field(t('forms.sample.organisation'), text),
      field(t('forms.sample.email'), text),
      field(t('forms.sample.phone'), text),
      field(
        t('forms.sample.address'),
        group(
          field(t('forms.sample.street'), text),
          field(t('forms.sample.postcode'), text),
          field(t('forms.sample.town'), text),
          field(t('forms.sample.country'), text),
        ),
      ),
    ],
  },
  {
    id: 'meeting',
    name: 'forms.meeting',
    about: 'forms.meetingAbout',
    icon: NotebookPenIcon,
    fields: t => [
      needed(t('forms.sample.topic'), text),
      field(t('forms.sample.date'), date),
      field(t('forms.sample.participants'), listOf(text)),
      field(t('forms.sample.decisions'), listOf(text)),
      field(
        t('forms.sample.tasks'),
        listOf(
          group(
            needed(t('forms.sample.task'), text),
            field(t('forms.sample.who'), text),
            field(t('forms.sample.due'), date),
          ),
        ),
      ),
    ],
  },
  {
    id: 'cv',
    name: 'forms.cv',
    about: 'forms.cvAbout',
    icon: FileUserIcon,
    fields: t => [
      needed(t('forms.sample.name'), text),
      field(t('forms.sample.email'), text),
      field(t('forms.sample.phone'), text),
      field(
        t('forms.sample.jobs'),
        listOf(
          group(
            needed(t('forms.sample.position'), text),
            field(t('forms.sample.employer'), text),
            field(t('forms.sample.from'), text),
            field(t('forms.sample.until'), text),
          ),
        ),
      ),
      field(
        t('forms.sample.education'),
        listOf(group(needed(t('forms.sample.degree'), text), field(t('forms.sample.school'), text))),
      ),
      field(t('forms.sample.languages'), listOf(text)),
      field(t('forms.sample.skills'), listOf(text)),
    ],
  },
  {
    id: 'review',
    name: 'forms.review',
    about: 'forms.reviewAbout',
    icon: StarIcon,
    fields: t => [
      field(t('forms.sample.product'), text),
      needed(t('forms.sample.mood'), {
        kind: 'choice',
        choices: [t('forms.sample.positive'), t('forms.sample.mixed'), t('forms.sample.negative')],
      }),
      field(t('forms.sample.stars'), { kind: 'number', whole: true, minimum: 1, maximum: 5 }),
      field(t('forms.sample.liked'), listOf(text)),
      field(t('forms.sample.disliked'), listOf(text)),
      field(t('forms.sample.buyAgain'), { kind: 'yes-no' }),
    ],
  },
]
