import { Tabs as Radix } from 'radix-ui'

interface Props {
  label: string
  tabs: readonly { readonly value: string; readonly label: string }[]
}

/** The tabs alone; what each shows stands in a `TabPanel` below, both in `Tabs`. */
export function TabList({ label, tabs }: Props) {
  return (
    <Radix.List
      aria-label={label}
      className="-mb-px flex min-w-0 gap-1 self-stretch overflow-x-auto overflow-y-hidden [scrollbar-width:none]"
    >
      {tabs.map(tab => (
        <Radix.Trigger
          key={tab.value}
          value={tab.value}
          className="group border-b-2 border-transparent px-1 text-row text-soft outline-none transition-colors hover:text-ink data-[state=active]:border-ember data-[state=active]:text-ink"
        >
          <span className="block rounded-small px-2 py-1 outline-ember group-focus-visible:outline-2">{tab.label}</span>
        </Radix.Trigger>
      ))}
    </Radix.List>
  )
}

export const Tabs = Radix.Root
export const TabPanel = Radix.Content
